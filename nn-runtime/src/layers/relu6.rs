//! Rectified linear unit that ends at 6. PyTorch: `torch.nn.ReLU6()`.
//!
//! ```text
//! output = min(max(input, 0), 6)    [BATCH, N]   in place
//! ```
//!
//! NaN stays NaN, -0 becomes 0.
//!
//! # Backward
//!
//! ```text
//! grad_input = 0 where output ≤ 0 or output ≥ 6, else grad_output
//! ```
//!
//! The gradient at 0 and at 6 is 0. Nothing is cached: the output says what is needed.

use crate::families::elementwise::{Between, elementwise};

elementwise!(() => Between { least: 0.0, most: 6.0 }, at output);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Between { least: 0.0, most: 6.0 }, At::Output, &[0.0, 6.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Between { least: 0.0, most: 6.0 },
            At::Output,
            &[[-1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [2.5, 2.5, 2.0], [6.0, 6.0, 0.0], [9.0, 6.0, 0.0]],
        );
    }
}
