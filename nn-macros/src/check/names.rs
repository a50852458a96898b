//! The names of what is written: no two items may have the same.

use std::collections::HashMap;

use proc_macro2::Ident;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::naming::Role;

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
    let dotted = |path: &[Ident]| path.iter().map(Ident::to_string).collect::<Vec<_>>().join(".");
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
