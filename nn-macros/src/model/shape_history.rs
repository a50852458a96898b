//! The shapes that lead to a value, for messages.

use std::rc::Rc;

use crate::diagnostic::Diagnostic;

/// How many shapes a note shows at most.
const MOST: usize = 3;

/// The shapes so far: the input's, and that of each operation that changed it. Those of a value that is taken again are shared.
#[derive(Clone)]
pub struct ShapeHistory {
    last: Rc<str>,
    before: Option<Rc<Self>>,
}

impl ShapeHistory {
    pub fn new(input: String) -> Self {
        Self { last: input.into(), before: None }
    }

    pub fn push(&mut self, shape: String) {
        *self = self.then(shape);
    }

    /// The same shapes, and another.
    pub fn then(&self, shape: String) -> Self {
        Self { last: shape.into(), before: Some(Rc::new(self.clone())) }
    }

    /// Whether no operation has changed the input's shape.
    pub const fn is_of_input(&self) -> bool {
        self.before.is_none()
    }

    /// The error with a note of the last few shapes, if there is more to tell than the input's.
    pub fn note(&self, error: Diagnostic) -> Diagnostic {
        if self.is_of_input() {
            return error;
        }
        let mut all = std::iter::successors(Some(self), |history| history.before.as_deref());
        let mut last: Vec<_> = all.by_ref().take(MOST).map(|history| &*history.last).collect();
        last.reverse();
        let dots = if all.next().is_some() { "... -> " } else { "" };
        error.note(format!("shapes so far: {dots}{}", last.join(" -> ")))
    }
}
