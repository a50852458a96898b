//! The square of each value. PyTorch: `torch.square`.
//!
//! ```text
//! output = input²    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · 2 · input
//! ```
//!
//! Nothing is cached but the input: the output does not tell its sign.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => Square, at input);

#[derive(Clone, Copy)]
struct Square;

impl Elementwise for Square {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        input * input
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, input: T, grad: T) -> T {
        grad * (input + input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Square, At::Input, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(Square, At::Input, &[[0.0, 0.0, 0.0], [3.0, 9.0, 12.0], [-0.5, 0.25, -2.0]]);
    }
}
