//! Where `#[frozen]` can be written.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Operation, TypePath};
use crate::plan::{Function, Step};

pub fn check_parameters(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let has_field = |index: usize| model.graph.operations[index].has_field;
    let pointless = model.written.frozen.iter().filter(|mark| !mark.operations.clone().any(has_field));
    let error = |keyword: &str| format!("`{keyword}` has no parameters to freeze");
    pointless.map(|mark| Diagnostic::new(mark.span, error(&mark.keyword)).help("remove `#[frozen]`")).collect()
}

/// Only the first one is reported: freezing the stages before it can mend the later ones too.
pub fn check_types(Subject { model, plans, .. }: &Subject) -> Vec<Diagnostic> {
    let called = plans.training.backward.iter().filter_map(|step| match step {
        Step::Call(call) if call.function == Function::BackwardInput => Some(call.operation),
        _ => None,
    });
    let frozen_type = |index: usize| match &model.graph.operations[index] {
        Operation { kind: Kind::Foreign { path, .. }, is_frozen: true, .. } => Some((index, path)),
        _ => None,
    };
    let first = called.filter_map(frozen_type).min_by_key(|(index, _)| *index);
    let error = |path: &TypePath| {
        let error = format!("`{}` is frozen, but comes after a stage that is trained", path.spelling());
        let error = Diagnostic::new(path.last().span(), error).note("a frozen type gives that stage no gradient");
        error.help("freeze the stages before it too, or remove `#[frozen]`")
    };
    first.map(|(_, path)| error(path)).into_iter().collect()
}
