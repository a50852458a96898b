//! A smooth `relu`. PyTorch: `torch.nn.Softplus(beta, threshold)`.
//!
//! ```text
//! output = ln(1 + exp(beta · input)) / beta where beta · input ≤ threshold, else input    [BATCH, N]   in place
//!        = max(input, 0) + ln(1 + exp(-|beta · input|)) / beta
//! ```
//!
//! The second form is the same without overflow.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (sigmoid(beta · input) where beta · input ≤ threshold, else 1)
//! ```
//!
//! Nothing is cached but the input, which the output does not tell.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

elementwise!((beta: f64, threshold: f64) => Softplus { beta, threshold }, at input);

#[derive(Clone, Copy)]
struct Softplus {
    beta: f64,
    threshold: f64,
}

impl Elementwise for Softplus {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        let beta = T::from_f64(self.beta);
        let scaled = beta * input;
        let positive = if input < T::ZERO { T::ZERO } else { input };
        let smooth = positive + math::ln_1p(isa, math::exp_nonpositive(isa, -scaled.abs())) / beta;
        if scaled > T::from_f64(self.threshold) { input } else { smooth }
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, input: T, grad: T) -> T {
        let scaled = T::from_f64(self.beta) * input;
        let slope = math::sigmoid(isa, scaled);
        grad * if scaled > T::from_f64(self.threshold) { T::ONE } else { slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Softplus { beta: 2.0, threshold: 20.0 }, At::Input, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Softplus { beta: 2.0, threshold: 20.0 },
            At::Input,
            &[
                [0.0, 0.346_573_590_279_972_64, 1.0],
                [0.5, 0.656_630_843_759_111_4, 1.462_117_157_260_009_8],
                [10.5, 10.5, 2.0],
            ],
        );
    }
}
