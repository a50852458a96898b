//! Sigmoid linear unit, or swish. PyTorch: `torch.nn.SiLU()`.
//!
//! ```text
//! output = input · sigmoid(input)    [BATCH, N]   in place
//! ```
//!
//! As in PyTorch, -∞ gives NaN, and so do the derivatives at both infinities.
//!
//! # Backward
//!
//! ```text
//! s          = sigmoid(input)
//! grad_input = grad_output · s · (1 + input · (1 - s))
//! ```
//!
//! Nothing is cached but the input, which the output does not tell.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

elementwise!(() => Silu, at input);

#[derive(Clone, Copy)]
struct Silu;

impl Elementwise for Silu {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        input * math::sigmoid(isa, input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let s = math::sigmoid(isa, input);
        grad * (s * isa.mul_add(input, T::ONE - s, T::ONE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Silu, At::Input, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Silu,
            At::Input,
            &[
                [0.0, 0.0, 1.0],
                [2.0, 1.761_594_155_955_764_9, 2.181_568_497_569_791],
                [-50.0, -9.643_749_239_819_589e-21, -1.890_174_851_004_639_4e-20],
            ],
        );
    }
}
