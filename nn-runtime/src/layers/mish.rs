//! Mish. PyTorch: `torch.nn.Mish()`.
//!
//! ```text
//! output = input · tanh(softplus(input))    [BATCH, N]   in place
//!        = input · n / (n + 2)              where w = exp(input), n = w² + 2 w
//! ```
//!
//! Misra, *Mish: a self regularized non-monotonic activation function*, 2019.
//!
//! As in PyTorch, -∞ gives NaN, and so do the derivatives at both infinities.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (n / (n + 2) + input · 4 w (1 + w) / (n + 2)²)
//! ```
//!
//! Nothing is cached but the input, which the output does not tell.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

elementwise!(() => Mish, at input);

#[derive(Clone, Copy)]
struct Mish;

impl Elementwise for Mish {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        let [numerator, denominator, _] = fraction(isa, input);
        input * (numerator / denominator)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let [numerator, denominator, slope] = fraction(isa, input);
        let inverse = T::ONE / denominator;
        grad * (inverse * isa.mul_add(input, slope * inverse, numerator))
    }
}

/// `[n, n + 2, 4 w (1 + w)]`, the first two times a factor, the last times its square: 1 where the input is negative,
/// else exp(-2 input), so that nothing overflows.
#[inline(always)]
fn fraction<I: Isa, T: Scalar>(isa: I, input: T) -> [T; 3] {
    let two = T::from_f64(2.0);
    let small = math::exp_nonpositive(isa, -input.abs());
    let is_negative = input < T::ZERO;
    let numerator =
        isa.mul_add(small, if is_negative { small } else { two }, if is_negative { two * small } else { T::ONE });
    let rest = if is_negative { two } else { two * small * small };
    let factor = if is_negative { T::ONE } else { small };
    [numerator, numerator + rest, T::from_f64(4.0) * small * factor * (T::ONE + small)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Mish, At::Input, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Mish,
            At::Input,
            &[
                [0.0, 0.0, 1.2],
                [2.0, 1.943_958_959_533_994_6, 2.138_635_868_558_979_2],
                [-1.0, -0.303_401_461_374_108_9, 0.118_433_511_754_789_9],
                [-50.0, -9.643_749_239_819_589e-21, -1.890_174_851_004_639_4e-20],
                [900.0, 900.0, 2.0],
            ],
        );
    }
}
