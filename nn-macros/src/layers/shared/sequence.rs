//! What the layers on sequences share.

use crate::diagnostic::Diagnostic;
use crate::model::definition::Context;

/// The sizes of an input of shape `[steps, features]`.
pub fn steps_and_features(context: &Context) -> Result<[usize; 2], Diagnostic> {
    let help = match *context.input.sizes() {
        [steps, features] => return Ok([steps, features]),
        [channels, height, width] => {
            let pixels = height * width;
            format!("add `reshape([{channels}, {pixels}]), transpose` before this layer: each pixel becomes a step")
        }
        _ => "give it a sequence, such as `[32, 8]` for 32 steps of 8 features".into(),
    };
    Err(context.wrong_shape("[steps, features]", 2, help))
}
