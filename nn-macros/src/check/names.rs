//! The names of what is written: no two items may have the same.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::naming::{Names, Role, Type, flat_name};
use crate::model::{Model, Operation};

/// The mistakes that `find` finds among operations. A mistake inside of a `repeat` is one, not one a turn, so that what is wrong in
/// first turns is said alone.
fn among(model: &Model, find: impl Fn(&[&Operation]) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    let operations = &model.graph.operations;
    let all = find(&operations.iter().collect::<Vec<_>>());
    if all.is_empty() {
        return all;
    }
    let is_first = |(index, _): &(usize, _)| !model.written.is_operation_again(*index);
    let first = operations.iter().enumerate().filter(is_first).map(|(_, operation)| operation);
    let first = find(&first.collect::<Vec<_>>());
    if first.is_empty() { all } else { first }
}

pub fn check_types(Subject { model, taken, .. }: &Subject) -> Vec<Diagnostic> {
    let network = &model.name;
    among(model, |operations| {
        let mut own: HashMap<String, Role> = HashMap::new();
        let mut mistakes = Vec::new();
        for Type { name, role, source } in Names::new(network).types(model, operations.iter().copied()) {
            let written = name.to_string();
            // where the network's own name is taken, that is the mistake
            let earlier = taken.get(&written).filter(|holder| network != &holder.network).map(ToString::to_string);
            let same = own.insert(written, role.clone()).filter(|other| *other != role);
            if let Some(other) = earlier.or(same.map(|other| format!("{other} of `{network}`"))) {
                let error = format!("`{name}` would be both {other} and {role} of `{network}`");
                mistakes.push(Diagnostic::new(source.span(), error).help("write another name"));
            }
        }
        mistakes
    })
}

/// Two stages whose names differ only in their nesting may have types of one name, which is the mistake then.
pub fn check_flat_names(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    among(model, |operations| {
        let mut taken: HashMap<String, &[Ident]> = HashMap::new();
        let mut mistakes = Vec::new();
        let kept = model.graph.kept.iter().map(|kept| kept.path.as_slice());
        for path in operations.iter().map(|operation| operation.path.as_slice()).chain(kept) {
            let Some(stage) = path.last() else { continue };
            let other = *taken.entry(flat_name(path)).or_insert(path);
            if other != path {
                let [other, path] = [other, path].map(dotted);
                let error = format!("the stages `{other}` and `{path}` have names that differ only in their nesting");
                mistakes.push(Diagnostic::new(stage.span(), error).help("write another name"));
            }
        }
        mistakes
    })
}

/// A frozen stage whose network has frozen stages has two fields, the second for the parameters of those: a stage may have the
/// second one's name.
pub fn check_frozen_fields(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let owner = Names::new(&model.name).frozen;
    among(model, |operations| {
        let fields = || operations.iter().enumerate().filter(|(_, operation)| operation.has_frozen_field());
        let networks = fields().filter(|(_, operation)| operation.is_frozen && operation.has_frozen_part());
        let taken = networks.filter_map(|(index, network)| {
            let field = network.frozen_path();
            let (other, stage) = fields().find(|(_, operation)| operation.path.starts_with(&field))?;
            let (inside, stage) = (network.path.as_slice(), &stage.path[..field.len()]);
            let later = if other > index { stage } else { inside };
            let (span, [field, inside, stage]) = (later.last()?.span(), [&field, inside, stage].map(dotted));
            let error = format!(
                "the field `{field}` of `{owner}` would be both the frozen parameters inside of `{inside}` and those of `{stage}`"
            );
            Some(Diagnostic::new(span, error).help("write another name"))
        });
        taken.collect()
    })
}

fn dotted(path: &[Ident]) -> String {
    path.iter().map(Ident::to_string).collect::<Vec<_>>().join(".")
}
