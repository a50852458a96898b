//! Logistic function. PyTorch: `torch.nn.Sigmoid()`.
//!
//! ```text
//! output = 1 / (1 + exp(-input))    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · output · (1 - output)
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math;
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(isa: I, value: &mut SMatrix<T, BATCH, N>) {
    isa.call(Forward(value.data.0.as_flattened_mut()));
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    output: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput(output.data.0.as_flattened(), grad.data.0.as_flattened_mut()));
}

struct Forward<'a, T>(&'a mut [T]);

impl<T: Scalar> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for value in self.0 {
            *value = math::sigmoid(isa, *value);
        }
    }
}

struct BackwardInput<'a, T>(&'a [T], &'a mut [T]);

impl<T: Scalar> Kernel for BackwardInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (&output, grad) in self.0.iter().zip(self.1) {
            *grad *= output * (T::ONE - output);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Portable;
    use crate::layers::differences::{InPlace, check};

    #[derive(Clone, Copy)]
    struct Sigmoid;

    impl InPlace for Sigmoid {
        fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>) {
            forward(isa, value);
        }

        fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
            self,
            isa: I,
            output: &SMatrix<f64, BATCH, N>,
            grad: &mut SMatrix<f64, BATCH, N>,
        ) {
            backward_input(isa, output, grad);
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        check::<_, 1, 7>(Sigmoid);
        check::<_, 3, 5>(Sigmoid);
        check::<_, 4, 1>(Sigmoid);
        check::<_, 32, 3>(Sigmoid);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        let mut value = SMatrix::<f64, 1, 3>::new(0.0, 2.0, -50.0);
        forward(Portable, &mut value);
        let expected = [0.5, 0.880_797_077_977_882_4, 1.928_749_847_963_917_8e-22];
        assert!(value.iter().zip(expected).all(|(value, expected)| (value / expected - 1.0).abs() < 1e-15), "{value}");
        let mut grad = SMatrix::<f64, 1, 3>::new(2.0, 2.0, 2.0);
        backward_input(Portable, &value, &mut grad);
        let expected = [0.5, 0.209_987_170_807_013_04, 3.857_499_695_927_835_6e-22];
        assert!(grad.iter().zip(expected).all(|(grad, expected)| (grad / expected - 1.0).abs() < 1e-14), "{grad}");
    }
}
