//! A sigmoid of straight lines. PyTorch: `torch.nn.Hardsigmoid()`.
//!
//! ```text
//! output = min(max(input + 3, 0), 6) / 6    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = 0 where output ≤ 0 or output ≥ 1, else grad_output / 6
//! ```
//!
//! The gradient at -3 and at 3 is 0. Nothing is cached: the output says what is needed.

use crate::families::elementwise::{Elementwise, between, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => HardSigmoid, at output);

#[derive(Clone, Copy)]
struct HardSigmoid;

impl Elementwise for HardSigmoid {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        between(input + T::from_f64(3.0), 0.0, 6.0) * T::from_f64(1.0 / 6.0)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let grad_input = grad * T::from_f64(1.0 / 6.0);
        if output <= T::ZERO || output >= T::ONE { T::ZERO } else { grad_input }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(HardSigmoid, At::Output, &[-3.0, 3.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            HardSigmoid,
            At::Output,
            &[[-3.0, 0.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.5, 2.0 / 6.0], [-9.0, 0.0, 0.0]],
        );
    }
}
