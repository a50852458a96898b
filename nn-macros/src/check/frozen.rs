//! Where `#[frozen]` can be written.

use super::Subject;
use crate::diagnostic::Diagnostic;

pub fn check_parameters(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let has_parameters = |index: usize| model.graph.operations[index].has_parameters();
    let pointless = model.written.frozen.iter().filter(|mark| !mark.operations.clone().any(has_parameters));
    let error = |keyword: &str| format!("`{keyword}` has no parameters to freeze");
    pointless.map(|mark| Diagnostic::new(mark.span, error(&mark.keyword)).help("remove `#[frozen]`")).collect()
}
