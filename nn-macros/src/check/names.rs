//! The names of what is written: no two items may have the same.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::naming::{Names, Role};

pub fn check_types(Subject { model, types, taken, .. }: &Subject) -> Vec<Diagnostic> {
    let network = &model.name;
    let mut own: HashMap<String, &Role> = HashMap::new();
    let mut mistakes = Vec::new();
    for written in *types {
        let (name, role) = (written.name.to_string(), &written.role);
        // where the network's own name is taken, that is the mistake
        let earlier = taken.get(&name).filter(|holder| network != &holder.network).map(ToString::to_string);
        let same = own.insert(name, role).filter(|other| *other != role).map(|other| format!("{other} of `{network}`"));
        if let Some(other) = earlier.or(same) {
            let error = format!("`{}` would be both {other} and {role} of `{network}`", written.name);
            mistakes.push(Diagnostic::new(written.source.span(), error).help("write another name"));
        }
    }
    mistakes
}

/// Two stages whose names differ only in their nesting may have types of one name, which is the mistake then.
pub fn check_flat_names(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let mut taken: HashMap<String, &[Ident]> = HashMap::new();
    let mut mistakes = Vec::new();
    for operation in &model.graph.operations {
        let (path, Some(stage)) = (operation.path.as_slice(), operation.path.last()) else { continue };
        if let Some(other) = taken.insert(operation.flat_name(), path).filter(|other| *other != path) {
            let [other, path] = [other, path].map(dotted);
            let error = format!("the stages `{other}` and `{path}` have names that differ only in their nesting");
            mistakes.push(Diagnostic::new(stage.span(), error).help("write another name"));
        }
    }
    mistakes
}

/// A frozen stage whose network has frozen stages has two fields, the second for the parameters of those: a stage may have the
/// second one's name.
pub fn check_frozen_fields(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let operations = || model.graph.operations.iter().enumerate().filter(|(_, operation)| operation.has_frozen_field());
    let networks = operations().filter(|(_, operation)| operation.is_frozen && operation.has_frozen_part());
    let mut mistakes = Vec::new();
    for (index, network) in networks {
        let field = network.frozen_path();
        let Some((other, stage)) = operations().find(|(_, operation)| operation.path.starts_with(&field)) else {
            continue;
        };
        let (inside, stage) = (&network.path, &stage.path[..field.len()]);
        let later = if other > index { stage } else { inside };
        let Some(span) = later.last().map(Ident::span) else { continue };
        let (field, owner, [inside, stage]) =
            (dotted(&field), Names::new(&model.name).frozen, [inside, stage].map(dotted));
        let error = format!(
            "the field `{field}` of `{owner}` would be both the frozen parameters inside of `{inside}` and those of `{stage}`"
        );
        mistakes.push(Diagnostic::new(span, error).help("write another name"));
    }
    mistakes
}

fn dotted(path: &[Ident]) -> String {
    path.iter().map(Ident::to_string).collect::<Vec<_>>().join(".")
}
