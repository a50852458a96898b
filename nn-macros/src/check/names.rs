//! The names that stages get.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use crate::diagnostic::{Diagnostic, Report};

/// The names given so far to the stages of each namespace.
#[derive(Default)]
pub struct Names {
    /// Whether each name was written by the user.
    taken: HashMap<String, bool>,
    counts: HashMap<(String, String), usize>,
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
        let path = namespace.iter().map(Ident::to_string).collect::<Vec<_>>().join(".");
        let count = self.counts.entry((path.clone(), keyword.to_owned())).or_default();
        *count += 1;
        let name = written.cloned().unwrap_or_else(|| Ident::new(&format!("{keyword}{count}"), span));
        if let Some(first) = self.taken.insert(format!("{path}.{name}"), written.is_some()) {
            let error = Diagnostic::new(name.span(), format!("two stages have the name `{name}`"));
            let unnamed = |which| {
                format!("a stage without a name is called by its keyword and number, as the {which} of them is")
            };
            report.push(match (first, written.is_some()) {
                (false, _) => error.note(unnamed("first")).help("write another name"),
                (true, false) => error.note(unnamed("second")).help(format!("name it: `name: {keyword}`")),
                (true, true) => error.help("write another name"),
            });
        }
        name
    }
}

/// `Conv1` for `conv1`, `BatchNorm1d` for `batch_norm1d`. Digits stay apart, as in `Fc1_11` for `fc1_11`: `fc11_1` is another stage.
pub fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let is_digit = |letter: char| letter.is_ascii_digit();
        if camel.ends_with(is_digit) && word.starts_with(is_digit) {
            camel.push('_');
        }
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

/// `my_encoder` for `MyEncoder`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (i, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && i > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
