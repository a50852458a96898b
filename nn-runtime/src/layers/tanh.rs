//! Hyperbolic tangent. PyTorch: `torch.nn.Tanh()`.
//!
//! ```text
//! output = tanh(input)    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (1 - output) · (1 + output)
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use crate::families::elementwise::{Tanh, elementwise};

elementwise!(() => Tanh, at output);

#[cfg(test)]
mod tests {
    use nalgebra::SMatrix;

    use super::*;
    use crate::families::differences::{At, check_elementwise};
    use crate::kernels::Portable;

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Tanh, At::Output, &[]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        let mut value = SMatrix::<f64, 1, 3>::new(0.0, 0.5, -30.0);
        forward(Portable, &mut value);
        let expected = [0.0, 0.462_117_157_260_009_76, -1.0];
        assert!(value.iter().zip(expected).all(|(value, expected)| (value - expected).abs() < 1e-15), "{value}");
        let mut grad = SMatrix::<f64, 1, 3>::new(2.0, 2.0, 2.0);
        backward_input(Portable, &value, &mut grad);
        let expected = [2.0, 1.572_895_465_931_854_8, 0.0];
        assert!(grad.iter().zip(expected).all(|(grad, expected)| (grad - expected).abs() < 1e-15), "{grad}");
    }
}
