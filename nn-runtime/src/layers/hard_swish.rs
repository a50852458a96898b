//! A `silu` of straight lines. PyTorch: `torch.nn.Hardswish()`.
//!
//! ```text
//! output = input · min(max(input + 3, 0), 6) / 6    [BATCH, N]   in place
//! ```
//!
//! As in PyTorch, -∞ gives NaN.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (0 where input ≤ -3, 1 where input ≥ 3, else input / 3 + 1/2)
//! ```
//!
//! Nothing is cached but the input, which the output does not tell.

use crate::families::elementwise::{Elementwise, between, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => HardSwish, at input);

#[derive(Clone, Copy)]
struct HardSwish;

impl Elementwise for HardSwish {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        let gate = between(input + T::from_f64(3.0), 0.0, 6.0) * T::from_f64(1.0 / 6.0);
        input * gate
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let slope = isa.mul_add(input, T::from_f64(1.0 / 3.0), T::from_f64(0.5));
        let slope = if input < T::from_f64(3.0) { slope } else { T::ONE };
        let grad_input = grad * slope;
        if input <= T::from_f64(-3.0) { T::ZERO } else { grad_input }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(HardSwish, At::Input, &[-3.0, 3.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            HardSwish,
            At::Input,
            &[[-3.0, 0.0, 0.0], [3.0, 3.0, 2.0], [1.5, 1.125, 2.0], [-4.0, 0.0, 0.0], [5.0, 5.0, 2.0]],
        );
    }
}
