//! What `softmax` is made of, of a layer and of attention: the pieces of it on one group of lanes.
//!
//! ```text
//! output = exp(scale · input) / Σ exp(scale · input)
//! ```
//!
//! The largest input is subtracted before the exponential: the output is the same, and nothing overflows.

use crate::kernels::Isa;
use crate::math::lanes;
use crate::scalar::Scalar;

/// Subtracts the largest value, and multiplies by `scale`, which is positive: what is left is at most 0.
#[inline(always)]
pub(crate) fn subtract_maximum<T: Scalar, const BATCH: usize>(group: &mut [[T; BATCH]], scale: T) {
    let maximum = lanes::maximum(group);
    for row in group {
        for (value, &maximum) in row.iter_mut().zip(&maximum) {
            *value = scale * (*value - maximum);
        }
    }
}

/// Divides by the sum.
#[inline(always)]
pub(crate) fn divide_by_sum<T: Scalar, const BATCH: usize>(group: &mut [[T; BATCH]]) {
    let mut reciprocal = lanes::sum(group);
    for sum in &mut reciprocal {
        *sum = T::ONE / *sum;
    }
    for row in group {
        for (value, &reciprocal) in row.iter_mut().zip(&reciprocal) {
            *value *= reciprocal;
        }
    }
}

/// Makes the gradient of the input of that of the output:
///
/// ```text
/// grad = scale · output · (grad                    term 1: through its own exponential
///                          - Σ output · grad)      term 2: through the sum of all
/// ```
#[inline(always)]
pub(crate) fn backward<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    scale: T,
    output: &[[T; BATCH]],
    grad: &mut [[T; BATCH]],
) {
    let mut mean = [T::ZERO; BATCH];
    for (output, grad) in output.iter().zip(&*grad) {
        isa.add_products(output, grad, &mut mean);
    }
    for (output, grad) in output.iter().zip(grad) {
        for ((grad, &output), &mean) in grad.iter_mut().zip(output).zip(&mean) {
            *grad = scale * output * (*grad - mean); // terms 1 and 2
        }
    }
}
