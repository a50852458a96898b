//! The shapes that lead to a value, for messages.

use crate::diagnostic::Diagnostic;

/// How many shapes a note shows at most.
const MOST: usize = 3;

/// The shapes so far: the input's, and that of each operation that changed it.
#[derive(Clone)]
pub struct ShapeHistory(Vec<String>);

impl ShapeHistory {
    pub fn new(input: String) -> Self {
        Self(vec![input])
    }

    pub fn push(&mut self, shape: String) {
        self.0.push(shape);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all shapes but the first so many: another branch begins there.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// The error with a note of the last few shapes, if there is more to tell than the input's.
    pub fn note(&self, error: Diagnostic) -> Diagnostic {
        let skipped = self.0.len().saturating_sub(MOST);
        let dots = if skipped > 0 { "... -> " } else { "" };
        let last: Vec<_> = self.0.iter().skip(skipped).map(String::as_str).collect();
        if last.len() > 1 { error.note(format!("shapes so far: {dots}{}", last.join(" -> "))) } else { error }
    }
}
