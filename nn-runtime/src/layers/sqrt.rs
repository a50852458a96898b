//! The square root of each value. PyTorch: `torch.sqrt`.
//!
//! ```text
//! output = √input    [BATCH, N]   in place
//! ```
//!
//! A negative input gives NaN; -0 stays -0.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output / (2 · output)
//! ```
//!
//! As in PyTorch, the derivative at 0 is infinite, so a gradient of 0 becomes NaN there. Nothing is cached: the derivative is a
//! function of the output.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!(() => Sqrt, at output);

#[derive(Clone, Copy)]
struct Sqrt;

impl Elementwise for Sqrt {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        input.sqrt()
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        grad / (output + output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_values};

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(Sqrt, At::Output, &[[0.25, 0.5, 2.0], [1.0, 1.0, 1.0], [9.0, 3.0, 1.0 / 3.0]]);
    }

    #[test]
    fn edges() {
        use crate::kernels::Portable;
        assert!(Sqrt.output(Portable, -1.0_f32).is_nan());
        assert!(Sqrt.gradient(Portable, 0.0_f64, -3.0).is_infinite());
        assert!(Sqrt.gradient(Portable, 0.0_f64, 0.0).is_nan());
    }
}
