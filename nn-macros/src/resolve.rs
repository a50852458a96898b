//! From the grammar to a [`Model`]: names, options, shapes. Every mistake is reported. After a mistake in a shape there is no
//! model; after any other there is one, so that `check` can report more.

mod attributes;

pub use attributes::is_derived_anyway;
use syn::Attribute;

use crate::ast;
use crate::diagnostic::{Diagnostic, Report, list};
use crate::elsewhere;
use crate::model::builder::Built;
use crate::model::naming::{Holder, What};
use crate::model::{Element, Model, Tensors, Written};
use crate::scope::Scope;
use crate::source::{self, stages::Walked};

/// Names that mean something else where the expansion names the user's types.
const RESERVED: &[&str] = &["nn", "bool", "f32", "f64", "u8", "u16", "u32", "usize", "BATCH", "I", "R"];

/// Takes the name of a network, and returns whether it was free. A reserved name is free, but a mistake.
pub fn network_name(name: &syn::Ident, scope: &mut Scope, report: &mut Report) -> bool {
    let written = name.to_string();
    if RESERVED.contains(&written.as_str()) {
        let error = Diagnostic::new(name.span(), format!("`{written}` cannot be the name of a network"));
        report.push(error.help("the expansion of `network!` uses it: write another name"));
    }
    let error = match scope.taken.get(&written) {
        None => return scope.taken.take(name, name, What::Network),
        Some(Holder { what: What::Network, .. }) => format!("the network `{written}` is declared twice"),
        Some(holder) => format!("`{written}` is already the name of {holder}"),
    };
    report.push(Diagnostic::new(name.span(), error).help("write another name"));
    false
}

/// Takes the name of a const with its value, and returns whether it was free.
pub fn const_name(name: &syn::Ident, value: Option<usize>, scope: &mut Scope, report: &mut Report) -> bool {
    let is_free = scope.consts.insert(name, value);
    if !is_free {
        let error = Diagnostic::new(name.span(), format!("the const `{name}` is declared twice"));
        report.push(error.help("write another name"));
    }
    is_free
}

/// The value of a const.
pub fn constant(item: &ast::Const, scope: &Scope, report: &mut Report) -> Option<usize> {
    check_attributes_of_const(&item.attributes, report);
    let value = scope.consts.value(&item.value).unwrap_or_else(|error| {
        report.push(error);
        None
    });
    let written = item.name.to_string();
    if written.chars().any(char::is_lowercase) {
        let error = Diagnostic::new(item.name.span(), format!("the const `{written}` is not in capitals"));
        let help = format!("call it `{}`, to tell it from the names of layers and options", written.to_uppercase());
        report.push(error.help(help));
    }
    value
}

/// The model of a network; `None` after a mistake in a shape.
pub fn network(item: &ast::Network, scope: &Scope, report: &mut Report) -> Option<Model> {
    let attributes = attributes::sort(&item.attributes, report);
    let tensors = check_tensors(item, scope, report);
    let Walked { built, frozen, again } = source::stages::graph(item, tensors.as_ref(), scope, report)?;
    let Built { graph, rows, shapes, made, output_row } = built;
    Some(Model {
        attributes,
        visibility: item.visibility.clone(),
        name: item.name.clone(),
        tensors: tensors?,
        graph,
        rows,
        output_row,
        is_stage: scope.stages.contains(&item.name.to_string()),
        written: Written { output: item.output.shape.span, made, shapes, frozen, again },
    })
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
