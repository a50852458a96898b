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
    // a mistake inside of a repeat is reported once, for its first turn
    let before = model.tensors.inputs.0.len();
    let rows = model.rows.iter().enumerate();
    let lost = rows.filter(|(row, _)| !taken.contains(&(before + row)) && !model.written.is_row_again(*row)).map(
        |(_, row)| {
            let error = Diagnostic::new(row.span, format!("no stage takes what `{}` makes", row.name));
            if let Some(parts) = &row.part_of {
                return error.help(format!("take it in a later stage, or write `_` in its place before `{parts}`"));
            }
            error.help(format!("name it (`name: {}`) and take `name` in a later stage, or remove it", row.keyword))
        },
    );
    unused.chain(lost).collect()
}
