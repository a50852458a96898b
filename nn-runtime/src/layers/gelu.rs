//! Gaussian error linear unit. PyTorch: `torch.nn.GELU(approximate)`.
//!
//! ```text
//! output = input · Φ(input)                                            [BATCH, N]   in place
//!        = input · sigmoid(2 √(2/π) (input + 0.044715 input³))         approximate = tanh
//! ```
//!
//! Φ is the share of the standard normal distribution below the input, `(1 + erf(input / √2)) / 2`. The second form is
//! PyTorch's `input · (1 + tanh(..)) / 2` without the cancellation: its relative error is at most 2e-5 in `f32`, also where it is
//! as small as 1e-38.
//!
//! As in PyTorch, -∞ gives NaN, and so do the derivatives at both infinities.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (Φ(input) + input · φ(input))             φ the density
//!            = grad_output · (s + s · (1 - s) · input · 2 √(2/π) (1 + 3 · 0.044715 input²))    s the sigmoid above
//! ```
//!
//! Nothing is cached but the input, which the output does not tell.

use core::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

use nalgebra::SMatrix;

use crate::families::elementwise::{self, Elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

/// The form of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approximate {
    /// By the normal distribution.
    None,
    /// By a hyperbolic tangent.
    Tanh,
}

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    approximate: Approximate,
    value: &mut SMatrix<T, BATCH, N>,
) {
    match approximate {
        Approximate::None => elementwise::forward(isa, Normal, value),
        Approximate::Tanh => elementwise::forward(isa, Logistic, value),
    }
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input, from the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    approximate: Approximate,
    input: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    match approximate {
        Approximate::None => elementwise::backward_input(isa, Normal, input, grad),
        Approximate::Tanh => elementwise::backward_input(isa, Logistic, input, grad),
    }
}

#[derive(Clone, Copy)]
struct Normal;

impl Elementwise for Normal {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        let [below, _] = math::normal(isa, input);
        input * below
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let [below, density] = math::normal(isa, input);
        grad * isa.mul_add(input, density, below)
    }
}

#[derive(Clone, Copy)]
struct Logistic;

/// 2 √(2/π)
const SLOPE: f64 = SQRT_2 * FRAC_2_SQRT_PI;
const CUBIC: f64 = 0.044_715;
/// The square of an input from which on the sigmoid is 0 or 1 in either type.
const FAR: f64 = 900.0;

impl Elementwise for Logistic {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        let factor = isa.mul_add(input * input, T::from_f64(SLOPE * CUBIC), T::from_f64(SLOPE));
        input * math::sigmoid(isa, input * factor)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let square = input * input;
        let square = if square > T::from_f64(FAR) { T::from_f64(FAR) } else { square };
        let factor = isa.mul_add(square, T::from_f64(SLOPE * CUBIC), T::from_f64(SLOPE));
        let s = math::sigmoid(isa, input * factor);
        let slope = isa.mul_add(square, T::from_f64(3.0 * SLOPE * CUBIC), T::from_f64(SLOPE));
        // first what is 0 far from 0, so that nothing overflows
        grad * isa.mul_add(s * (T::ONE - s) * input, slope, s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    const NORMAL: [[f64; 3]; 4] = [
        [0.0, 0.0, 1.0],
        [2.0, 1.954_499_736_103_641_6, 2.170_463_602_156_394],
        [-1.0, -0.158_655_253_931_457_05, -0.166_630_941_175_372_6],
        [-5.0, -1.433_257_859_395_969_5e-6, -1.429_389_200_358_459e-5],
    ];
    const LOGISTIC: [[f64; 3]; 4] = [
        [0.0, 0.0, 1.0],
        [2.0, 1.954_597_694_087_775, 2.172_198_513_247_236_6],
        [-1.0, -0.158_808_009_391_723_3, -0.165_928_167_691_565_1],
        [-5.0, -2.291_796_196_629_506e-7, -3.092_723_975_065_189_2e-6],
    ];

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Normal, At::Input, &[]);
        check_elementwise(Logistic, At::Input, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(Normal, At::Input, &NORMAL);
        check_values(Logistic, At::Input, &LOGISTIC);
    }
}
