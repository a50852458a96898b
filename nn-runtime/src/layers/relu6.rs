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
//! grad_input = grad_output where 0 < output < 6, else 0
//! ```
//!
//! The gradient at 0 and at 6 is 0. Nothing is cached: the output says what is needed.

use crate::kernels::Isa;
use crate::kernels::elementwise::{Elementwise, between, elementwise};
use crate::scalar::Scalar;

elementwise!(() => Relu6, at output);

#[derive(Clone, Copy)]
struct Relu6;

impl Elementwise for Relu6 {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        between(input, 0.0, 6.0)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let is_between = output > T::ZERO && output < T::from_f64(6.0);
        let grad_input = if is_between { grad } else { T::ZERO };
        grad_input + T::ZERO // no masked store: see `between`
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Relu6, At::Output, &[0.0, 6.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Relu6,
            At::Output,
            &[[-1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [2.5, 2.5, 2.0], [6.0, 6.0, 0.0], [9.0, 6.0, 0.0]],
        );
    }
}
