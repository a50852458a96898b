//! From the grammar to the [`Model`]: names, options, shapes. Every mistake is reported; a network with one gives none.

mod names;
mod stages;

use std::collections::HashMap;

use crate::ast::{self, Item};
use crate::diagnostic::{Diagnostic, Report, list};
use crate::model::{Element, Model, Tensors};
use crate::shape::Consts;
pub use names::camel_case;
use stages::Builder;

/// What a later network needs to know of an earlier one to use it as a layer.
pub struct Signature {
    pub tensors: Tensors,
    pub has_frozen: bool,
}

/// What the networks of an invocation share.
#[derive(Default)]
pub struct Scope {
    consts: Consts,
    /// Each earlier network; `None` for one with mistakes, which are not to be reported again.
    networks: HashMap<String, Option<Signature>>,
    /// The networks that come later, and the one at hand.
    later: Vec<String>,
}

/// An item that is ready to be written, or the remains of a mistaken one.
pub enum Checked {
    Const(ast::Const, Option<usize>),
    Network(Box<Model>),
    Mistaken(ast::Network, Option<Tensors>),
}

/// Checks the items in order.
pub fn check(items: Vec<Item>, report: &mut Report) -> Vec<Checked> {
    let mut scope = Scope::default();
    scope.later = items.iter().filter_map(|item| if let Item::Network(network) = item { Some(network.name.to_string()) } else { None }).collect();
    items
        .into_iter()
        .map(|item| match item {
            Item::Const(item) => check_const(item, &mut scope, report),
            Item::Network(item) => check_network(item, &mut scope, report),
        })
        .collect()
}

fn check_const(item: ast::Const, scope: &mut Scope, report: &mut Report) -> Checked {
    let value = scope.consts.value(&item.value).unwrap_or_else(|error| {
        report.push(error);
        None
    });
    if !scope.consts.insert(&item.name, value) {
        report.push(Diagnostic::new(item.name.span(), format!("the const `{}` is declared twice", item.name)));
    }
    Checked::Const(item, value)
}

fn check_network(item: ast::Network, scope: &mut Scope, report: &mut Report) -> Checked {
    let before = report.len();
    let name = item.name.to_string();
    if scope.networks.contains_key(&name) {
        report.push(Diagnostic::new(item.name.span(), format!("the network `{name}` is declared twice")));
    }
    let tensors = check_tensors(&item, scope, report);
    let built = Builder::new(scope, report, tensors.as_ref()).network(&item);
    scope.later.retain(|later| *later != name);
    match (tensors, built) {
        (Some(tensors), Some((graph, rows))) if report.len() == before => {
            let ast::Network { attributes, visibility, name: ident, .. } = item;
            let has_frozen = graph.operations.iter().any(|operation| operation.is_frozen);
            let model = Model { attributes, visibility, name: ident, tensors, graph, rows };
            scope.networks.insert(name, Some(Signature { tensors: model.tensors.clone(), has_frozen }));
            Checked::Network(Box::new(model))
        }
        (tensors, _) => {
            scope.networks.insert(name, None);
            Checked::Mistaken(item, tensors)
        }
    }
}

/// The element, the scalar, and the shapes of input and output.
fn check_tensors(item: &ast::Network, scope: &Scope, report: &mut Report) -> Option<Tensors> {
    let [input, output] = [&item.input, &item.output].map(|tensor| {
        scope.consts.shape(&tensor.shape).unwrap_or_else(|error| {
            report.push(error);
            None
        })
    });
    let [element, scalar] = [&item.input, &item.output].map(|tensor| check_element(tensor, report));
    let element = element?.unwrap_or(Element::F32);
    let scalar = scalar?.unwrap_or(if element.is_index() { Element::F32 } else { element });
    let span = item.output.element.as_ref().map_or(item.output.shape.span, syn::Ident::span);
    if scalar.is_index() {
        let error = format!("a network makes numbers, but its output is declared as `{}`", scalar.name());
        report.push(Diagnostic::new(span, error).help("declare the output as `f32` or `f64`"));
        return None;
    }
    if !element.is_index() && element != scalar {
        let error = format!("the input is `{}`, but the output is declared as `{}`", element.name(), scalar.name());
        report.push(Diagnostic::new(span, error).help("a network computes in one type: declare both the same"));
        return None;
    }
    Some(Tensors { element, scalar, input: input?, output: output? })
}

/// The element type that a tensor is declared with; the outer `None` after a mistake.
fn check_element(tensor: &ast::Tensor, report: &mut Report) -> Option<Option<Element>> {
    let Some(written) = &tensor.element else { return Some(None) };
    let found = Element::ALL.into_iter().find(|element| written == element.name());
    if found.is_none() {
        report.push(
            Diagnostic::new(written.span(), format!("`{written}` cannot be the element of a tensor"))
                .help(format!("the elements are {}", list(&Element::ALL.map(Element::name)))),
        );
    }
    found.map(Some)
}
