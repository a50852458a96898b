//! A sigmoid without exponentials. PyTorch: `torch.nn.Softsign()`.
//!
//! ```text
//! output = input / (1 + |input|)    [BATCH, N]   in place
//! ```
//!
//! As in PyTorch, an infinity gives NaN.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (1 - |output|)²
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => Softsign, at output);

#[derive(Clone, Copy)]
struct Softsign;

impl Elementwise for Softsign {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        input / (T::ONE + input.abs())
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let rest = T::ONE - output.abs();
        grad * (rest * rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Softsign, At::Output, &[0.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(Softsign, At::Output, &[[0.0, 0.0, 2.0], [3.0, 0.75, 0.125], [-1.0, -0.5, 0.5]]);
    }
}
