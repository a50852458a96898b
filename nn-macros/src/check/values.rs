//! That every value is taken.

use std::collections::HashSet;

use super::Subject;
use crate::diagnostic::Diagnostic;

/// A value that no stage takes, and that is no output, is a mistake: what made it is a part of nothing. So is an input.
pub fn check_taken(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let takers = model.rows.iter().flat_map(|row| &row.inputs);
    let taken: HashSet<_> = takers.chain(&model.output_rows).copied().collect();
    let inputs = model.tensors.inputs.0.iter().enumerate();
    let unused = inputs.filter(|(number, _)| !taken.contains(number)).filter_map(|(_, input)| {
        // that a stage has its name is a mistake of its own
        let name = input.name.as_ref().filter(|name| model.rows.iter().all(|row| **name != row.name))?;
        let error = Diagnostic::new(name.span(), format!("no stage takes the input `{name}`"));
        Some(error.help("take it by its name, or remove it"))
    });
    // what is wrong in each turn of a repeat is said of the first
    let is_first = |operation: usize| !model.written.again.iter().any(|turns| turns.contains(&operation));
    let rows = model.rows.iter().zip(model.tensors.inputs.0.len()..);
    let lost = rows.filter(|(row, number)| !taken.contains(number) && row.operation.is_none_or(is_first));
    let lost = lost.map(|(row, _)| {
        let error = Diagnostic::new(row.span, format!("no stage takes what `{}` makes", row.name));
        error.help(format!(
            "later stages take it by its name, which can be written: `name: {}`; or remove the stage",
            row.keyword
        ))
    });
    unused.chain(lost).collect()
}
