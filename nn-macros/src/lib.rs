//! The `network!` macro, one file a phase: `ast` (grammar), `check` (to a checked model), `plan` (where everything
//! stands), `expand` (to tokens). Use it through the crate `nn-runtime`, whose `network!`
//! hands on its own path for the output to name.

mod arguments;
mod ast;
mod check;
mod consts;
mod diagnostic;
mod elsewhere;
mod expand;
mod fallback;
mod layers;
mod model;
mod number;
mod plan;
#[cfg(test)]
mod tests;
mod weights;

use check::Checked;
use diagnostic::Report;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// The expansion of `nn_runtime::network!`, which writes its own crate's path in brackets before the user's tokens.
///
/// The documentation of `nn-runtime` shows the language.
#[proc_macro]
pub fn network(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (runtime, input) = split_runtime(input.into());
    expand_all(&runtime, input).into()
}

/// The path of the runtime, and the user's tokens.
///
/// The path is `$crate`, so that the expansion finds the runtime under any name and through any re-export.
fn split_runtime(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = input.into_iter();
    match tokens.next() {
        Some(TokenTree::Group(runtime)) => (runtime.stream(), tokens.collect()),
        first => (quote!(::nn_runtime), first.into_iter().chain(tokens).collect()),
    }
}

/// What an invocation expands to: its networks and consts, and an error for each mistake.
fn expand_all(runtime: &TokenStream, input: TokenStream) -> TokenStream {
    let (checked, report) = check_all(input);
    write_all(runtime, &checked, &report)
}

/// The items of an invocation, and the mistakes that are no item's.
fn check_all(input: TokenStream) -> (Vec<Checked>, Report) {
    let mut report = Report::default();
    let items = ast::parse(input, &mut report);
    (check::check(items), report)
}

fn write_all(runtime: &TokenStream, checked: &[Checked], report: &Report) -> TokenStream {
    let mut output = report.tokens();
    for item in checked {
        output.extend(match item {
            Checked::Const(item, value) => expand::constant(item, *value),
            Checked::Network(model) => expand::network(runtime, model),
            Checked::Mistaken(remains, cause) => fallback::network(remains, cause.as_ref()),
        });
    }
    output
}
