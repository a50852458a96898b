//! The names of the types that are written: no two may have the same.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::camel_case;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::spec::Layer;
use crate::model::{Graph, Kind, Operation, Tensors};
use crate::plan::frames::is_sequence;

/// Names that mean something else where the expansion names the user's types.
const RESERVED: &[&str] = &["nn", "bool", "f32", "f64", "u8", "u16", "u32", "usize", "BATCH", "I", "R"];

/// The types of an invocation so far, and what each of them is.
#[derive(Default)]
pub struct Types(HashMap<String, String>);

/// A type to be written, what it is, and the name that it comes from.
struct Type<'a> {
    name: String,
    what: String,
    source: &'a Ident,
}

impl Types {
    /// Takes a name, if it is free.
    pub fn take(&mut self, name: &str, what: String) -> bool {
        let is_free = !self.0.contains_key(name);
        if is_free {
            self.0.insert(name.to_owned(), what);
        }
        is_free
    }

    /// Takes the name of a network; whether it was free. One that is reserved is, and is a mistake.
    pub fn take_network(&mut self, name: &Ident, report: &mut Report) -> bool {
        let written = name.to_string();
        if RESERVED.contains(&written.as_str()) {
            let error = Diagnostic::new(name.span(), format!("`{written}` cannot be the name of a network"));
            report.push(error.help("the expansion of `network!` uses it: write another name"));
        }
        let is_free = self.take(&written, "a network".into());
        match self.0.get(&written) {
            Some(what) if !is_free && what == "a network" => {
                report.push(
                    Diagnostic::new(name.span(), format!("the network `{written}` is declared twice"))
                        .help("write another name"),
                );
            }
            Some(what) if !is_free => {
                let error = Diagnostic::new(name.span(), format!("`{written}` is already the name of {what}"));
                report.push(error.help("write another name"));
            }
            _ => {}
        }
        is_free
    }

    /// Takes the names of all that is written for a network besides its own, or reports those that are not free.
    pub fn take_generated(&mut self, network: &Ident, tensors: &Tensors, graph: &Graph, report: &mut Report) {
        let mut taken = HashMap::new();
        let mut is_unique = true;
        for Type { name, what, source } in generated(network, tensors, graph) {
            let other = self.0.get(&name).or_else(|| taken.get(&name));
            if let Some(other) = other.filter(|other| **other != what) {
                let error = format!("`{name}` would be both {other} and {what}");
                report.push(Diagnostic::new(source.span(), error).help("write another name"));
                is_unique = false;
            }
            taken.insert(name, what);
        }
        if is_unique {
            check_flat_names(graph, report);
        }
        if report.is_empty() {
            self.0.extend(taken);
        }
    }
}

/// What is written for a network besides itself.
fn generated<'a>(network: &'a Ident, tensors: &Tensors, graph: &'a Graph) -> Vec<Type<'a>> {
    let has_frozen = graph.operations.iter().any(|operation| operation.is_frozen);
    let suffixes = [
        (true, "Workspace", "the workspace"),
        (true, "InferenceWorkspace", "the workspace for inference"),
        (has_frozen, "Frozen", "the frozen parameters"),
        (is_sequence(tensors), "State", "the state"),
    ];
    let own = suffixes.into_iter().filter(|(is_written, ..)| *is_written).map(|(_, suffix, what)| Type {
        name: format!("{network}{suffix}"),
        what: format!("{what} of `{network}`"),
        source: network,
    });
    let fields = graph.operations.iter().filter(|operation| operation.has_field);
    own.chain(fields.flat_map(|operation| structs(network, operation))).collect()
}

/// The structs of a stage and of the structures around it. A type is a struct already.
fn structs<'a>(network: &Ident, operation: &'a Operation) -> Vec<Type<'a>> {
    let mut name = format!("{network}{}", if operation.is_frozen { "Frozen" } else { "" });
    let mut path: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for stage in &operation.path {
        path.push(stage.to_string());
        name += &camel_case(&stage.to_string());
        let what = format!("the struct of the stage `{}` of `{network}`", path.join("."));
        found.push(Type { name: name.clone(), what, source: stage });
    }
    match &operation.kind {
        Kind::Foreign { .. } => {
            found.pop();
        }
        Kind::Layer { layer, .. } => found.extend(nested(&name, &path.join("."), network, operation, layer)),
        Kind::Sum | Kind::Concat { .. } => {}
    }
    found
}

/// The structs inside of a stage's own, which parameters with a dot in their names have.
fn nested<'a>(outer: &str, stage: &str, network: &Ident, operation: &'a Operation, layer: &Layer) -> Vec<Type<'a>> {
    let parts = layer.parameters.iter().filter_map(|parameter| parameter.name.split_once('.'));
    let of = |(part, _): (&str, &str)| {
        let what = format!("the struct of `{stage}.{part}` of `{network}`");
        Some(Type { name: format!("{outer}{}", camel_case(part)), what, source: operation.path.last()? })
    };
    parts.filter_map(of).collect()
}

/// Where names cannot be nested, the stage `b` inside of `a` is called `a_b`.
fn check_flat_names(graph: &Graph, report: &mut Report) {
    let mut taken: HashMap<String, String> = HashMap::new();
    for operation in &graph.operations {
        let path: Vec<_> = operation.path.iter().map(Ident::to_string).collect();
        let (Some(stage), flat, path) = (operation.path.last(), path.join("_"), path.join(".")) else { continue };
        if let Some(other) = taken.insert(flat, path.clone()).filter(|other| *other != path) {
            let error = format!("the stages `{other}` and `{path}` have names that differ only in their nesting");
            report.push(Diagnostic::new(stage.span(), error).help("write another name"));
        }
    }
}
