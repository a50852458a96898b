//! How much memory the plans take.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::shape::MOST_VALUES;

/// A pass that writes more values a row than any machine has bytes is a mistake in a shape.
pub fn check_workspaces(Subject { model, plans, .. }: &Subject) -> Vec<Diagnostic> {
    let values = |slots: &[usize]| slots.iter().fold(0, |sum: usize, slot| sum.saturating_add(*slot));
    let passes = [("a training step", &plans.training), ("inference", &plans.inference)];
    let large = passes.iter().map(|(pass, plan)| (pass, values(&plan.slots))).find(|(_, values)| *values > MOST_VALUES);
    let error = |pass: &str, values: usize| {
        let error =
            format!("{pass} of `{}` writes {values} values for each sample, more than {MOST_VALUES}", model.name);
        Diagnostic::new(model.name.span(), error).help("make the outputs of its stages smaller")
    };
    large.map(|(pass, values)| error(pass, values)).into_iter().collect()
}
