//! What runs of `Fit` refuse.

use nn_runtime::prelude::*;

/// What is wrong with the data, the options or a step.
#[expect(clippy::needless_pass_by_value, reason = "it is a function for `map_err`")]
pub fn train_error(error: FitError) -> TrainError {
    if let FitError::Train(error) = error { error } else { panic!("{error}") }
}
