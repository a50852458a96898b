//! Errors with a span, a note and a help, collected until the end of a phase.

use std::fmt::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// The first and the last token of what is wrong.
pub type Extent = [Span; 2];

/// One mistake in the input: what is wrong, how it came about, what to do.
#[derive(Debug)]
pub struct Diagnostic {
    extent: Extent,
    message: String,
    note: Option<String>,
    help: Option<String>,
}

impl Diagnostic {
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self::across([span; 2], message)
    }

    pub fn across(extent: Extent, message: impl Into<String>) -> Self {
        Self { extent, message: message.into(), note: None, help: None }
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A `compile_error!`. The compiler shows one message a span, so the note and the help are lines of it.
    fn tokens(&self) -> TokenStream {
        let mut message = self.message.clone();
        for (label, text) in [("note", &self.note), ("help", &self.help)] {
            if let Some(text) = text {
                let _ = write!(message, "\n{label}: {text}");
            }
        }
        let [first, last] = self.extent;
        let path = quote_spanned!(first=> ::core::compile_error!);
        let text = quote_spanned!(last=> { #message });
        quote_spanned!(last=> #path #text)
    }
}

/// A mistake in the grammar that no rule names: the parser's own words would be those of another grammar.
impl From<syn::Error> for Diagnostic {
    fn from(error: syn::Error) -> Self {
        Self::new(error.span(), UNNAMED).help("README shows the language of `network!`")
    }
}

/// The message of a mistake that no rule names.
pub const UNNAMED: &str = "this is not understood";

/// The mistakes found so far.
#[derive(Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }
}

impl IntoIterator for Report {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.into_iter()
    }
}

impl Report {
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.diagnostics.push(diagnostic.into());
    }

    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    pub fn len(&self) -> usize {
        self.diagnostics.len()
    }

    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// One `compile_error!` for each mistake.
    pub fn tokens(&self) -> TokenStream {
        self.diagnostics.iter().map(Diagnostic::tokens).collect()
    }
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b`, and `c` ``.
pub fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
    }
}

/// The name among `candidates` that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, replacements and swaps of neighbours that make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, list, nearest};

    #[test]
    fn swapped_neighbours_are_one_mistake() {
        assert_eq!(distance("kernal_size", "kernel_size"), 1);
        assert_eq!(distance("rleu", "relu"), 1);
        assert_eq!(distance("", "tanh"), 4);
    }

    #[test]
    fn only_a_similar_name_is_suggested() {
        assert_eq!(nearest("conv2", ["linear", "conv2d"]), Some("conv2d"));
        assert_eq!(nearest("banana", ["linear", "conv2d"]), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b"]), "`a` and `b`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b`, and `c`");
    }
}
