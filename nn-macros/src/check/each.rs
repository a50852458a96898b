//! What the stages inside of `each` may be.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::{Each, Kind, Model};

/// Batch normalisation inside `each` would use the statistics of a single step.
pub fn check_mini_batch(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let Some(Each { is_frozen: false }) = model.each else { return Vec::new() };
    let needing = model.graph.operations.iter().filter(|operation| operation.needs_whole_batch());
    let error = |operation: &crate::model::Operation| {
        let row = &model.rows[operation.row];
        let does =
            if matches!(operation.kind, Kind::Layer { .. }) { "normalises" } else { "has a layer that normalises" };
        let error =
            format!("`{}` {does} over the mini-batch, but inside of `each` it sees one step at a time", row.keyword);
        Diagnostic::new(row.span, error)
            .help("normalise each step on its own, by `layer_norm` or `group_norm`, or write it outside of `each`")
    };
    needing.map(error).collect()
}

/// For each body, in order: whether its `each` is in a later turn of a `repeat`.
pub fn are_again(model: &Model) -> Vec<bool> {
    let operations =
        model.graph.operations.iter().enumerate().filter(|(_, operation)| operation.applied_to().is_some());
    operations.map(|(index, _)| model.written.is_operation_again(index)).collect()
}
