//! From the grammar to a [`Model`]: names, options, shapes. Every mistake is reported. After a mistake in a shape there is no
//! model; after any other there is one, so that `check` can report more.

mod attributes;

use std::collections::HashMap;

pub use attributes::is_derived_anyway;
use proc_macro2::{Ident, Span};
use syn::{Attribute, Visibility};

use crate::ast;
use crate::diagnostic::{Diagnostic, Report, list};
use crate::elsewhere;
use crate::layers;
use crate::model::builder::Built;
use crate::model::naming::{self, Holder, What, camel_case};
use crate::model::{Attributes, Element, Model, Port, Ports, Tensors, Written};
use crate::scope::Scope;
use crate::source::{
    self,
    stages::{Body, Walked},
};

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
    let walked = source::stages::graph(item, tensors.as_ref(), scope, report)?;
    let spans = item.output.list.iter().map(|output| output.tensor.shape.span);
    let declared = Declared { visibility: &item.visibility, attributes, spans: spans.collect() };
    let is_stage = scope.stages.contains(&item.name.to_string());
    Some(Model { is_stage, ..model(item.name.clone(), declared, tensors?, walked) })
}

/// What a network is declared with besides its name, its tensors and its stages.
struct Declared<'a> {
    visibility: &'a Visibility,
    attributes: Attributes,
    /// Where the shape of each output is declared.
    spans: Vec<Span>,
}

/// The model of the stages, and of each body in them.
fn model(name: Ident, declared: Declared, tensors: Tensors, walked: Walked) -> Model {
    let Walked { built, made, frozen, again, bodies } = walked;
    let Built { graph, rows, output_rows } = built;
    let Declared { visibility, attributes, spans } = declared;
    let bodies = bodies.into_iter().map(|Body { name: of_body, stage, tensors, each, walked }| {
        let docs = format!(" What `{stage}` of [`{name}`] does on each step.");
        let declared = Declared { visibility, attributes: attributes.of_body(&docs), spans: vec![of_body.span()] };
        Model { is_stage: true, each: Some(each), ..model(of_body, declared, tensors, walked) }
    });
    Model {
        bodies: bodies.collect(),
        attributes,
        visibility: visibility.clone(),
        name,
        tensors,
        graph,
        rows,
        output_rows,
        is_stage: false,
        each: None,
        written: Written { outputs: spans.into_iter().zip(made).collect(), frozen, again },
    }
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

/// The inputs and outputs, and the type that the network computes in.
fn check_tensors(item: &ast::Network, scope: &Scope, report: &mut Report) -> Option<Tensors> {
    let are_free = check_port_names(item, report);
    let written = item.input.list.iter().filter_map(|input| input.tensor.element.as_ref());
    let written = written.filter_map(Element::named);
    let natural = written.clone().find(|element| !element.is_index()).unwrap_or(Element::F32);
    let inputs = check_ports(&item.input, natural, scope, report);
    let outputs = check_ports(&item.output, natural, scope, report);
    let (inputs, outputs) = (Ports(inputs?), Ports(outputs?));
    let scalar = outputs.0.first()?.element;
    for (written, output) in item.output.list.iter().zip(&outputs.0) {
        let declared = output.element.name();
        let error = |error: String| Diagnostic::new(type_span(written), error);
        if output.element.is_index() {
            let error = error(format!("a network makes numbers, but its output is declared as `{declared}`"));
            report.push(error.help("declare the output as `f32` or `f64`"));
            return None;
        }
        if output.element != scalar {
            let error = error(format!("one output is `{}`, but another is declared as `{declared}`", scalar.name()));
            report.push(error.help("a network computes in one type: declare both the same"));
            return None;
        }
    }
    let other = inputs.0.iter().zip(&item.input.list);
    let mut other = other.filter(|(input, _)| !input.element.is_index() && input.element != scalar);
    if let Some((input, written)) = other.next() {
        let (declared, scalar) = (input.element.name(), scalar.name());
        let span = item.output.list.first().map_or_else(Span::call_site, type_span);
        let unnamed = format!("the input is `{declared}`, but the output is declared as `{scalar}`");
        let (span, error) = input.name.as_ref().map_or((span, unnamed), |name| {
            let error = format!("the input `{name}` is `{declared}`, but the network computes in `{scalar}`");
            (type_span(written), error)
        });
        report.push(Diagnostic::new(span, error).help("a network computes in one type: declare both the same"));
        return None;
    }
    are_free.then_some(Tensors { scalar, inputs, outputs })
}

/// Where the type of an input or output is written, or its shape.
fn type_span(port: &ast::Port) -> Span {
    port.tensor.element.as_ref().map_or(port.tensor.shape.span, syn::Ident::span)
}

/// Inputs or outputs, with the element type of those for which none is written.
fn check_ports(ports: &ast::Ports, unwritten: Element, scope: &Scope, report: &mut Report) -> Option<Vec<Port>> {
    let checked: Vec<_> = ports
        .list
        .iter()
        .map(|port| {
            let shape = scope.consts.shape(&port.tensor.shape).unwrap_or_else(|error| {
                report.push(error);
                None
            });
            let element = check_element(&port.tensor, unwritten, report);
            Some(Port { name: port.name.clone(), element: element?, shape: shape? })
        })
        .collect();
    checked.into_iter().collect()
}

/// Whether the names of inputs and outputs are no keywords, and each stands for one of them.
fn check_port_names(item: &ast::Network, report: &mut Report) -> bool {
    let before = report.len();
    let structs = naming::Names::new(&item.name);
    let types = [structs.input.to_string(), structs.output.to_string()];
    for (ports, what) in [(&item.input, "input"), (&item.output, "output")] {
        let mut names = HashMap::new();
        for name in ports.list.iter().filter_map(|port| port.name.as_ref()) {
            let error = |error: String| Diagnostic::new(name.span(), error).help("write another name");
            let as_type = camel_case(&name.to_string());
            let is_type = as_type.starts_with(|first: char| first.is_alphabetic()) && as_type != "Self";
            if !is_type {
                report.push(error(format!("`{name}` cannot be the name of an {what}: it is also to name a type")));
            } else if layers::is_keyword(name) {
                report.push(error(format!("`{name}` is a layer, and cannot be the name of an {what}")));
            } else if let Some(other) = names.insert(as_type.to_uppercase(), name) {
                report.push(error(if other == name {
                    format!("two {what}s have the name `{name}`")
                } else {
                    format!("the {what}s `{other}` and `{name}` have nearly the same name")
                }));
            } else if types.contains(&as_type) {
                report
                    .push(error(format!("the {what} `{name}` has the name of the struct of all {what}s, `{as_type}`")));
            }
        }
    }
    report.len() == before
}

/// The element type that a tensor is declared with, or `unwritten`; `None` after a mistake.
fn check_element(tensor: &ast::Tensor, unwritten: Element, report: &mut Report) -> Option<Element> {
    let Some(written) = &tensor.element else { return Some(unwritten) };
    let found = Element::named(written);
    if found.is_none() {
        let all = || format!("the element types are {}", list(&Element::ALL.map(Element::name)));
        let error = Diagnostic::new(written.span(), format!("`{written}` is not an element type of `network!`"));
        report.push(error.help(elsewhere::values::element(&written.to_string()).map_or_else(all, str::to_owned)));
    }
    found
}
