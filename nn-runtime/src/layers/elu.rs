//! Exponential linear unit. PyTorch: `torch.nn.ELU(alpha)`.
//!
//! ```text
//! output = input where input > 0, else alpha · (exp(input) - 1)    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (1 where output > 0, else output + alpha)
//! ```
//!
//! The gradient at 0 is that of the negative side. Nothing is cached: the derivative is a function of the output, as `alpha`
//! is not negative.

use crate::families::elementwise::{ExponentialLinear, elementwise};

elementwise!((alpha: f64) => ExponentialLinear { slope: 1.0, scale: alpha }, at output);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(ExponentialLinear { slope: 1.0, scale: 1.5 }, At::Output, &[0.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            ExponentialLinear { slope: 1.0, scale: 1.5 },
            At::Output,
            &[
                [2.0, 2.0, 2.0],
                [-1.0, -0.948_180_838_242_836_5, 1.103_638_323_514_327],
                [0.0, 0.0, 3.0],
                [-100.0, -1.5, 0.0],
            ],
        );
    }
}
