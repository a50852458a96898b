//! The absolute value of each value. PyTorch: `torch.abs`.
//!
//! ```text
//! output = |input|    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output where input > 0, -grad_output where input < 0, else 0
//! ```
//!
//! As in PyTorch, the derivative at 0 and at NaN is 0. Nothing is cached but the input: the output does not tell its sign.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => Abs, at input);

#[derive(Clone, Copy)]
struct Abs;

impl Elementwise for Abs {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        input.abs()
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, input: T, grad: T) -> T {
        let below = if input < T::ZERO { -T::ONE } else { T::ZERO };
        grad * if input > T::ZERO { T::ONE } else { below }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Abs, At::Input, &[0.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(Abs, At::Input, &[[0.0, 0.0, 0.0], [3.0, 3.0, 2.0], [-0.5, 0.5, -2.0]]);
    }
}
