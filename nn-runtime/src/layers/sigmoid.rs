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

use crate::families::elementwise::{Sigmoid, elementwise};

elementwise!(() => Sigmoid, at output);

#[cfg(test)]
mod tests {
    use nalgebra::SMatrix;

    use super::*;
    use crate::families::differences::{At, check_elementwise};
    use crate::kernels::Portable;

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Sigmoid, At::Output, &[]);
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
