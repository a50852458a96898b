//! The natural logarithm of each value. PyTorch: `torch.log`.
//!
//! ```text
//! output = ln(input)    [BATCH, N]   in place
//! ```
//!
//! An input of 0 gives -∞, a negative one NaN.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output / input
//! ```
//!
//! As in PyTorch, the derivative at 0 is infinite, and below 0 it is still 1 / input. Nothing is cached but the input, which the
//! output tells less precisely.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

elementwise!(() => Log, at input);

#[derive(Clone, Copy)]
struct Log;

impl Elementwise for Log {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        math::ln(isa, input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, input: T, grad: T) -> T {
        grad / input
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_values};

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Log,
            At::Input,
            &[
                [1.0, 0.0, 2.0],
                [core::f64::consts::E, 1.0, 2.0 / core::f64::consts::E],
                [0.25, -1.386_294_361_119_890_6, 8.0],
            ],
        );
    }

    #[test]
    fn edges() {
        use crate::kernels::Portable;
        assert!(Log.output(Portable, 0.0_f32) < f32::MIN);
        assert!(Log.output(Portable, -1.0_f32).is_nan());
        assert!(Log.gradient(Portable, 0.0_f64, 3.0) > f64::MAX);
    }
}
