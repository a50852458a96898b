//! The names that stages get.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use crate::diagnostic::{Diagnostic, Report};

/// The names given so far to the stages of each namespace.
#[derive(Default)]
pub struct Names {
    taken: HashMap<String, Source>,
    counts: HashMap<(String, String), usize>,
}

/// Where a name comes from.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Written,
    Keyword,
    Turn,
    Input,
}

impl Source {
    /// How the first or the second of two names came about, if it is not written.
    fn note(self, which: &str) -> Option<String> {
        let how = match self {
            Self::Written | Self::Input => return None,
            Self::Keyword => "a stage without a name is called by its keyword and number",
            Self::Turn => "each turn of a `repeat` is called by the name of the `repeat` and a number",
        };
        Some(format!("{how}, as the {which} of them is"))
    }
}

impl Names {
    /// The name of a stage: what is written, or the keyword with its number in the namespace.
    pub fn name(
        &mut self,
        namespace: &[Ident],
        written: Option<&Ident>,
        keyword: &str,
        span: Span,
        report: &mut Report,
    ) -> Ident {
        let count = self.counts.entry((path(namespace), keyword.to_owned())).or_default();
        *count += 1;
        let name = written.cloned().unwrap_or_else(|| Ident::new(&format!("{keyword}{count}"), span));
        let source = if written.is_some() { Source::Written } else { Source::Keyword };
        if let Some((first, error)) = self.take(namespace, &name, source) {
            let is_renamed = source == Source::Written || first == Source::Keyword;
            let help = if is_renamed { "write another name".into() } else { format!("name it: `name: {keyword}`") };
            report.push(error.help(help));
        }
        name
    }

    /// Takes the name of an input.
    pub fn input(&mut self, name: &Ident) {
        self.taken.insert(format!(".{name}"), Source::Input);
    }

    /// Takes the name of one turn of a named `repeat`, which is a namespace beside the stages.
    pub fn turn(&mut self, namespace: &[Ident], name: &Ident, report: &mut Report) {
        if let Some((_, error)) = self.take(namespace, name, Source::Turn) {
            report.push(error.help("write another name"));
        }
    }

    /// Takes a name; if it is not free, where the first comes from and the mistake.
    fn take(&mut self, namespace: &[Ident], name: &Ident, source: Source) -> Option<(Source, Diagnostic)> {
        let first = self.taken.insert(format!("{}.{name}", path(namespace)), source)?;
        let error = match first {
            Source::Input => format!("a stage has the name of the input `{name}`"),
            _ => format!("two stages have the name `{name}`"),
        };
        let error = Diagnostic::new(name.span(), error);
        let note = first.note("first").or_else(|| source.note("second"));
        Some((first, note.into_iter().fold(error, Diagnostic::note)))
    }
}

/// The names of the structures around a stage, in one text.
pub(super) fn path(namespace: &[Ident]) -> String {
    namespace.iter().map(Ident::to_string).collect::<Vec<_>>().join(".")
}
