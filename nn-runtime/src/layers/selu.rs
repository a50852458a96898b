//! Scaled exponential linear unit, which keeps mean 0 and variance 1 from layer to layer. PyTorch: `torch.nn.SELU()`.
//!
//! ```text
//! output = scale · (input where input > 0, else alpha · (exp(input) - 1))    [BATCH, N]   in place
//! ```
//!
//! The constants are of Klambauer et al., *Self-normalizing neural networks*, 2017.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (scale where output > 0, else output + scale · alpha)
//! ```
//!
//! The gradient at 0 is that of the negative side.
//! Nothing is cached: the derivative is a function of the output.

use crate::families::elementwise::{ExponentialLinear, elementwise};

const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

elementwise!(() => ExponentialLinear { slope: SCALE, scale: SCALE * ALPHA }, at output);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(ExponentialLinear { slope: SCALE, scale: SCALE * ALPHA }, At::Output, &[0.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            ExponentialLinear { slope: SCALE, scale: SCALE * ALPHA },
            At::Output,
            &[
                [2.0, 2.101_401_974_710_961, 2.101_401_974_710_961],
                [-1.0, -1.111_330_737_812_562_8, 1.293_537_206_069_628_2],
                [-100.0, -1.758_099_340_847_376_6, 0.0],
            ],
        );
    }
}
