//! The exponential function of each value. PyTorch: `torch.exp`.
//!
//! ```text
//! output = exp(input)    [BATCH, N]   in place
//! ```
//!
//! An input above 88.7 in `f32`, or 709.7 in `f64`, gives an infinity.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · output
//! ```
//!
//! Nothing is cached: the derivative is the output.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

elementwise!(() => Exp, at output);

#[derive(Clone, Copy)]
struct Exp;

impl Elementwise for Exp {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        math::exp(isa, input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        grad * output
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_values};

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Exp,
            At::Output,
            &[
                [0.0, 1.0, 2.0],
                [1.0, core::f64::consts::E, 2.0 * core::f64::consts::E],
                [-2.0, 0.135_335_283_236_612_7, 0.270_670_566_473_225_4],
            ],
        );
    }
}
