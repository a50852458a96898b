//! That every value is taken.

use std::collections::HashSet;

use super::Subject;
use crate::diagnostic::Diagnostic;

/// A value that no stage takes, and that is not the output, is a mistake: what made it is a part of nothing.
pub fn check_taken(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let takers = model.rows.iter().flat_map(|row| &row.inputs);
    let taken: HashSet<_> = takers.copied().chain([model.output_row]).collect();
    // what is wrong in each turn of a repeat is said of the first
    let is_first = |operation: usize| !model.written.again.iter().any(|turns| turns.contains(&operation));
    let lost = model
        .rows
        .iter()
        .zip(1..)
        .filter(|(row, number)| !taken.contains(number) && row.operation.is_none_or(is_first));
    lost.map(|(row, _)| {
        let error = format!("no stage takes what `{}` makes", row.name);
        Diagnostic::new(row.span, error)
            .help("take it by this name, as in `concat { [..], [..] }`, or remove the stage")
    })
    .collect()
}
