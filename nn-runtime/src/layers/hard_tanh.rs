//! A hyperbolic tangent of straight lines. PyTorch: `torch.nn.Hardtanh(min_val, max_val)`.
//!
//! ```text
//! output = min(max(input, min_val), max_val)    [BATCH, N]   in place
//! ```
//!
//! NaN stays NaN, -0 becomes 0. `min_val` is below `max_val`.
//!
//! # Backward
//!
//! ```text
//! grad_input = 0 where output ≤ min_val or output ≥ max_val, else grad_output
//! ```
//!
//! The gradient at `min_val` and at `max_val` is 0. Nothing is cached: the output says what is needed.

use crate::families::elementwise::{Between, elementwise};

elementwise!((min_val: f64, max_val: f64) => Between { least: min_val, most: max_val }, at output);

#[cfg(test)]
mod tests {
    use nalgebra::SMatrix;

    use super::*;
    use crate::families::differences::{At, check_elementwise, check_values};
    use crate::kernels::Portable;

    #[test]
    fn gradient_agrees_with_differences() {
        check_elementwise(Between { least: -1.5, most: 4.0 }, At::Output, &[-1.5, 4.0]);
    }

    #[test]
    fn values_and_gradients_by_hand() {
        check_values(
            Between { least: -0.7, most: 0.1 },
            At::Output,
            &[
                [-2.0, -0.7, 0.0],
                [-0.7, -0.7, 0.0],
                [-0.5, -0.5, 2.0],
                [0.0, 0.0, 2.0],
                [0.1, 0.1, 0.0],
                [9.0, 0.1, 0.0],
            ],
        );
    }

    #[test]
    fn the_first_option_is_the_lower_bound() {
        let mut value = SMatrix::<f32, 1, 3>::new(-9.0, 1.5, 9.0);
        forward(Portable, -1.0, 2.0, &mut value);
        assert_eq!(value, SMatrix::from([[-1.0], [1.5], [2.0]]));
        let mut grad = SMatrix::<f32, 1, 3>::new(3.0, 3.0, 3.0);
        backward_input(Portable, -1.0, 2.0, &value, &mut grad);
        assert_eq!(grad, SMatrix::from([[0.0], [3.0], [0.0]]));
    }
}
