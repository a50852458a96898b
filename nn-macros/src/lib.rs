//! The macros `network!` and `layer!`. The phases of `network!`: `ast` parses, `resolve` makes a graph of operations from what a `source` reads, `plan`
//! says where everything stands, `check` has the rules, `expand` writes tokens, or `fallback` after a mistake. No phase reads a
//! later one; `model` is what they have in common.
//!
//! Use it through the crate `nn-runtime`, whose macros hand on its own path for the output to name.

mod arguments;
mod ast;
mod check;
mod consts;
mod diagnostic;
mod elsewhere;
mod expand;
mod fallback;
mod layer_macro;
mod layers;
mod model;
mod number;
mod plan;
mod resolve;
mod scope;
mod source;
#[cfg(test)]
mod tests;
mod weights;

use ast::Item;
use check::Checked;
use diagnostic::Report;
use fallback::{Fallback, Mistaken};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use scope::Scope;

/// The expansion of `nn_runtime::network!`, which writes its own crate's path in brackets before the user's tokens.
///
/// The documentation of `nn-runtime` shows the language.
#[proc_macro]
pub fn network(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (runtime, input) = split_runtime(input.into());
    expand_all(&runtime, input).into()
}

/// The expansion of `nn_runtime::layer!`, whose documentation shows what it takes.
#[proc_macro]
pub fn layer(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (runtime, input) = split_runtime(input.into());
    layer_macro::expand_all(&runtime, input).into()
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
    let (items, report) = read(input);
    write(runtime, &items, &report)
}

/// An item that is ready to be written.
enum Ready {
    Const(ast::Const, usize),
    Network(Box<Checked>),
    Mistaken(Box<Fallback>),
}

/// The items of an invocation, and the mistakes that are no item's. A later item may use an earlier one, so each goes through
/// the phases before the next begins.
fn read(input: TokenStream) -> (Vec<Ready>, Report) {
    let mut report = Report::default();
    let items = ast::parse(input, &mut report);
    let names = |is_const: bool| items.iter().filter_map(|item| item.name(is_const)).collect();
    let scope = Scope::before(names(true), names(false), ast::types(&items));
    let mut reader = Reader { scope, mistaken: Mistaken::default() };
    (items.into_iter().map(|item| reader.item(item)).collect(), report)
}

/// What is known of the items so far.
struct Reader {
    scope: Scope,
    mistaken: Mistaken,
}

impl Reader {
    fn item(&mut self, item: Item) -> Ready {
        match item {
            Item::Const(item) => self.constant(item),
            Item::Network(item) => self.network(item),
            Item::Unreadable(item) => Ready::Mistaken(Box::new(self.mistaken.unreadable(item, &mut self.scope))),
        }
    }

    fn network(&mut self, item: ast::Network) -> Ready {
        let (scope, mut mistakes) = (&mut self.scope, Report::default());
        let is_new = resolve::network_name(&item.name, scope, &mut mistakes);
        let model = resolve::network(&item, scope, &mut mistakes);
        let planned = model.map(plan::network);
        let checked = planned.and_then(|planned| check::network(planned, scope, &mut mistakes));
        scope.end(&item.name, is_new, checked.as_ref().map(Checked::signature));
        match checked {
            Some(checked) => Ready::Network(Box::new(checked)),
            None => Ready::Mistaken(Box::new(self.mistaken.network(item, is_new, mistakes, scope))),
        }
    }

    fn constant(&mut self, item: ast::Const) -> Ready {
        let (scope, mut mistakes) = (&mut self.scope, Report::default());
        let value = resolve::constant(&item, scope, &mut mistakes);
        let is_new = resolve::const_name(&item.name, value, scope, &mut mistakes);
        match value.filter(|_| mistakes.is_empty()) {
            Some(value) => Ready::Const(item, value),
            None => Ready::Mistaken(Box::new(self.mistaken.constant(item, is_new, mistakes))),
        }
    }
}

/// What is written for the items.
fn write(runtime: &TokenStream, items: &[Ready], report: &Report) -> TokenStream {
    let mut output = report.tokens();
    for item in items {
        output.extend(match item {
            Ready::Const(item, value) => expand::constant(item, *value),
            Ready::Network(checked) => expand::network(runtime, checked),
            Ready::Mistaken(fallback) => fallback::item(fallback),
        });
    }
    output
}
