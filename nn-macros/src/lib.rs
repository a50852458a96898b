//! The `network!` macro, one file a phase: `ast` (grammar), `check` (to a checked model), `plan` (where everything
//! stands), `expand` (to tokens). Use it through the crate `nn-runtime`, which its output names.

mod ast;
mod check;
mod diagnostic;
mod elsewhere;
mod expand;
mod fallback;
mod families;
mod layers;
mod model;
mod number;
mod options;
mod plan;
mod shape;
#[cfg(test)]
mod tests;

use check::Checked;
use diagnostic::Report;
use proc_macro2::TokenStream;

/// Declares neural networks; each becomes a struct of statically sized matrices with its forward and backward passes.
///
/// The documentation of `nn-runtime` shows the language.
#[proc_macro]
pub fn network(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_all(input.into()).into()
}

/// What an invocation expands to: its networks and consts, and an error for each mistake.
fn expand_all(input: TokenStream) -> TokenStream {
    let (checked, report) = check_all(input);
    write_all(&checked, report)
}

/// The items of an invocation, and the mistakes that are no item's.
fn check_all(input: TokenStream) -> (Vec<Checked>, Report) {
    let mut report = Report::default();
    let items = ast::parse(input, &mut report);
    (check::check(items, &mut report), report)
}

fn write_all(checked: &[Checked], report: Report) -> TokenStream {
    let mut output = report.into_tokens();
    for item in checked {
        output.extend(match item {
            Checked::Const(item, value) => expand::constant(item, *value),
            Checked::Network(model) => expand::network(model),
            Checked::Mistaken(remains, cause) => fallback::network(remains, cause.as_ref()),
        });
    }
    output
}
