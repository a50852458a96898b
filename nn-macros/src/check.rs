//! From the grammar to the [`Model`]: names, options, shapes. Every mistake is reported; a network with one gives none.

mod attributes;
mod foreign;
mod names;
mod stages;
mod structures;
#[cfg(test)]
mod tests;
mod types;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Attribute;
use syn::ext::IdentExt as _;

use crate::ast::{self, Item, Unreadable};
use crate::consts::Consts;
use crate::diagnostic::{Diagnostic, Report, list};
use crate::elsewhere;
use crate::fallback::{self, Kind, Remains};
use crate::model::{Element, Model, Tensors};
use crate::weights;
pub use foreign::{last, spelling};
pub use names::camel_case;
use stages::Builder;
use types::Types;

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
    types: Types,
    /// An expression that uses the last mistaken item.
    mistaken: Option<TokenStream>,
    /// How many items have a name that is taken.
    again: usize,
}

/// An item that is ready to be written, or the remains of a mistaken one.
pub enum Checked {
    Const(ast::Const, usize),
    Network(Box<Model>),
    /// With an expression that uses the mistaken item that it depends on, if any.
    Mistaken(Box<Remains>, Option<TokenStream>),
}

/// Checks the items in order. The mistakes of each stand in what is left of it.
pub fn check(items: Vec<Item>) -> Vec<Checked> {
    let names = |is_const: bool| items.iter().filter_map(move |item| item.name(is_const)).collect();
    let mut scope = Scope { consts: Consts::before(names(true)), later: names(false), ..Scope::default() };
    items
        .into_iter()
        .map(|item| match item {
            Item::Const(item) => check_const(item, &mut scope),
            Item::Network(item) => check_network(item, &mut scope),
            Item::Unreadable(item) => unreadable(item, &mut scope),
        })
        .collect()
}

impl Item {
    fn name(&self, is_const: bool) -> Option<String> {
        let (name, is) = match self {
            Self::Const(item) => (&item.name, true),
            Self::Network(item) => (&item.name, false),
            Self::Unreadable(item) => (&item.name, item.network.is_none()),
        };
        (is == is_const).then(|| name.to_string())
    }
}

impl Scope {
    fn mistaken(&mut self, remains: Remains) -> Checked {
        let cause = self.mistaken.clone().filter(|_| remains.mistakes.is_empty());
        let name = &remains.name;
        self.mistaken = Some(match &remains.kind {
            Kind::Const => quote!(#name),
            Kind::Network(_) => quote!(::core::mem::size_of::<#name>()),
        });
        Checked::Mistaken(Box::new(remains), cause)
    }

    /// What is left of an item whose name is taken: its mistakes, in a const of another name.
    fn again(&mut self, name: &syn::Ident, mistakes: Report) -> Checked {
        self.again += 1;
        let name = format_ident!("_{}_AGAIN_{}", name.unraw().to_string().to_uppercase(), self.again);
        let (attributes, visibility) = (Vec::new(), syn::Visibility::Inherited);
        self.mistaken(Remains { attributes, visibility, name, kind: Kind::Const, mistakes })
    }

    /// The types to be written for a mistaken network, apart from those whose names are taken.
    fn fallback(&mut self, name: &syn::Ident, is_sequence: bool, stages: &[ast::Stage]) -> Kind {
        let mut types = fallback::types(name, is_sequence, stages);
        types.retain(|kind| {
            !self.later.contains(&kind.to_string()) && self.types.take(&kind.to_string(), format!("a type of `{name}`"))
        });
        Kind::Network(types)
    }
}

fn check_const(item: ast::Const, scope: &mut Scope) -> Checked {
    let mut mistakes = Report::default();
    check_attributes_of_const(&item.attributes, &mut mistakes);
    let value = scope.consts.value(&item.value).unwrap_or_else(|error| {
        mistakes.push(error);
        None
    });
    let written = item.name.to_string();
    if written.chars().any(char::is_lowercase) {
        let error = Diagnostic::new(item.name.span(), format!("the const `{written}` is not in capitals"));
        mistakes.push(
            error
                .help(format!("call it `{}`, to tell it from the names of layers and options", written.to_uppercase())),
        );
    }
    if !scope.consts.insert(&item.name, value) {
        mistakes.push(
            Diagnostic::new(item.name.span(), format!("the const `{written}` is declared twice"))
                .help("write another name"),
        );
        return scope.again(&item.name, mistakes);
    }
    if let Some(value) = value.filter(|_| mistakes.is_empty()) {
        return Checked::Const(item, value);
    }
    let ast::Const { mut attributes, visibility, name, .. } = item;
    let is_condition =
        |attribute: &Attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr");
    attributes.retain(|attribute| !is_condition(attribute)); // the mistakes are said whether they hold or not
    scope.mistaken(Remains { attributes, visibility, name, kind: Kind::Const, mistakes })
}

fn check_network(item: ast::Network, scope: &mut Scope) -> Checked {
    let mut mistakes = Report::default();
    let written = item.name.to_string();
    let is_new = scope.types.take_network(&item.name, &mut mistakes);
    let sorted = attributes::sort(&item.attributes, &mut mistakes);
    let tensors = check_tensors(&item, scope, &mut mistakes);
    let built = Builder::new(scope, &mut mistakes, tensors.as_ref()).network(&item);
    if let (Some(tensors), Some((graph, _))) = (&tensors, &built) {
        scope.types.take_generated(&item.name, tensors, graph, &mut mistakes);
    }
    scope.later.retain(|later| *later != written);
    let ast::Network { attributes, visibility, name, input, stages, .. } = item;
    if !is_new {
        return scope.again(&name, mistakes);
    }
    if let (Some(tensors), Some((graph, rows)), true) = (tensors, built, mistakes.is_empty()) {
        let has_frozen = graph.operations.iter().any(|operation| operation.is_frozen);
        scope.networks.insert(written, Some(Signature { tensors: tensors.clone(), has_frozen }));
        let mut model = Model { attributes: sorted, visibility, name, tensors, graph, rows, pretrained: Vec::new() };
        model.pretrained = weights::read(&model);
        return Checked::Network(Box::new(model));
    }
    scope.networks.insert(written, None);
    let kind = scope.fallback(&name, input.is_sequence(), &stages);
    scope.mistaken(Remains { attributes, visibility, name, kind, mistakes })
}

fn unreadable(item: Unreadable, scope: &mut Scope) -> Checked {
    let Unreadable { attributes, visibility, name, network, mut mistakes } = item;
    let kind = match network {
        None if scope.consts.insert(&name, None) => Kind::Const,
        None => return scope.again(&name, mistakes),
        Some((is_sequence, stages)) => {
            scope.later.retain(|later| name != later);
            if !scope.types.take_network(&name, &mut mistakes) {
                return scope.again(&name, mistakes);
            }
            scope.networks.insert(name.to_string(), None);
            scope.fallback(&name, is_sequence, &stages)
        }
    };
    scope.mistaken(Remains { attributes, visibility, name, kind, mistakes })
}

/// Attributes that a const cannot have: those of a stage, and conditions, as its value is used whether they hold or not.
fn check_attributes_of_const(attributes: &[Attribute], report: &mut Report) {
    for path in attributes.iter().flat_map(|attribute| attributes::unconditional(&attribute.meta)) {
        let Some(name) = path.get_ident() else { continue };
        let error = |error: &str, help: &str| Diagnostic::new(name.span(), error).help(help);
        if name == "frozen" {
            let help = "write it before each stage that is not to be trained";
            report.push(error("`#[frozen]` marks a stage, not a const", help));
        } else if name == "weights" {
            let help = "write it before the `struct` whose parameters the file has";
            report.push(error("`#[weights]` marks a network, not a const", help));
        } else if name == "cfg" {
            let help =
                "write the `#[cfg(..)]` before a whole `network!`, and another `network!` for when it does not hold";
            report.push(error(
                "a const of `network!` has no conditions: its value is used while `network!` expands",
                help,
            ));
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
    let element = check_element(&item.input, Element::F32, report);
    let natural = element.filter(|element| !element.is_index()).unwrap_or(Element::F32);
    let scalar = check_element(&item.output, natural, report);
    let (element, scalar) = (element?, scalar?);
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

/// The element type that a tensor is declared with, or `unwritten`; `None` after a mistake.
fn check_element(tensor: &ast::Tensor, unwritten: Element, report: &mut Report) -> Option<Element> {
    let Some(written) = &tensor.element else { return Some(unwritten) };
    let found = Element::ALL.into_iter().find(|element| written == element.name());
    if found.is_none() {
        let all = || format!("the element types are {}", list(&Element::ALL.map(Element::name)));
        let error = Diagnostic::new(written.span(), format!("`{written}` is not an element type of `network!`"));
        report.push(error.help(elsewhere::values::element(&written.to_string()).map_or_else(all, str::to_owned)));
    }
    found
}
