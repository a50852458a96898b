//! Rectified linear unit. PyTorch: `torch.nn.ReLU()`.
//!
//! ```text
//! output = max(input, 0)    [BATCH, N]   in place
//! ```
//!
//! NaN stays NaN, -0 becomes 0.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output where output > 0, else 0
//! ```
//!
//! The gradient at 0 and at NaN is 0. Nothing is cached: the output says what is needed.

use crate::families::elementwise::{Relu, elementwise};

elementwise!(() => Relu, at output);

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use nalgebra::SMatrix;

    use super::*;
    use crate::families::differences::{At, check_elementwise};
    use crate::kernels::Portable;

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Relu, At::Output, &[0.0]);
    }

    #[test]
    fn kink_nan_and_zeros() {
        let mut value = SMatrix::<f32, 2, 3>::from_column_slice(&[-1.0, 2.0, 0.0, -0.0, f32::INFINITY, f32::NAN]);
        forward(Portable, &mut value);
        let bits = [0.0, 2.0, 0.0, 0.0, f32::INFINITY].map(f32::to_bits);
        assert_eq!(value.as_slice()[..5].iter().map(|x| x.to_bits()).collect::<Vec<_>>(), bits);
        assert!(value[5].is_nan());
        let mut grad = SMatrix::<f32, 2, 3>::repeat(3.0);
        backward_input(Portable, &value, &mut grad);
        assert_eq!(grad.as_slice(), [0.0, 3.0, 0.0, 0.0, 3.0, 0.0]);
    }
}
