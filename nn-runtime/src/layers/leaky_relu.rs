//! Rectified linear unit with a slope below 0. PyTorch: `torch.nn.LeakyReLU(negative_slope)`.
//!
//! ```text
//! output = input where input > 0, else negative_slope · input    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (1 where input > 0, else negative_slope)
//! ```
//!
//! The gradient at 0 is that of the negative side. Nothing is cached: where `negative_slope` is not negative, the output is
//! positive where the input is, and either may be given.

use crate::families::elementwise::{Elementwise, elementwise};
use crate::kernels::Isa;
use crate::scalar::Scalar;

elementwise!((negative_slope: f64) => LeakyRelu { negative_slope }, at output);

#[derive(Clone, Copy)]
struct LeakyRelu {
    negative_slope: f64,
}

impl Elementwise for LeakyRelu {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        input * self.slope(input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        grad * self.slope(output)
    }
}

impl LeakyRelu {
    #[inline(always)]
    fn slope<T: Scalar>(self, at: T) -> T {
        if at > T::ZERO { T::ONE } else { T::from_f64(self.negative_slope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(LeakyRelu { negative_slope: 0.1 }, At::Output, &[0.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            LeakyRelu { negative_slope: 0.1 },
            At::Output,
            &[[2.0, 2.0, 2.0], [-2.0, -0.2, 0.2], [0.0, 0.0, 0.2]],
        );
    }
}
