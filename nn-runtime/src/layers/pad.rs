//! More values before and after those along each dimension. PyTorch: `torch.nn.functional.pad(input, pad, mode, value)`.
//!
//! ```text
//! output[.., i, ..] = input[.., place(i - before), ..]    [BATCH, .., SIZE, ..] -> [BATCH, .., before + SIZE + after, ..]
//!
//! place(j) = j                      where the input has it; else
//!            none: the value        constant
//!            |j|, 2·(SIZE - 1) - j  reflect: the ends themselves are not repeated
//!            0, SIZE - 1            replicate
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[.., j, ..] = Σ grad_output[.., i, ..]   over the i whose place is j
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::families::places::{gather, scatter, strides};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// What is added around the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// This value.
    Constant(f64),
    /// The values as in a mirror. Less than the size of the dimension may be added on a side.
    Reflect,
    /// The first and the last value again and again.
    Replicate,
}

/// Overwrites `output`. `sizes` are those of the input, `around` what is added before and after along each dimension.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize, const D: usize>(
    _isa: impl Isa,
    mode: Mode,
    sizes: [usize; D],
    around: [[usize; 2]; D],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    let places = Places { mode, sizes, around, strides: strides(sizes) };
    let value = if let Mode::Constant(value) = mode { T::from_f64(value) } else { T::ZERO };
    let place = |dimension, index| places.of(dimension, index);
    gather(places.output(), place, value, &input.data.0, &mut output.data.0);
}

/// Overwrites `grad_input`. The options are those of the forward pass.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize, const D: usize>(
    _isa: impl Isa,
    mode: Mode,
    sizes: [usize; D],
    around: [[usize; 2]; D],
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let places = Places { mode, sizes, around, strides: strides(sizes) };
    let place = |dimension, index| places.of(dimension, index);
    scatter(places.output(), place, &grad_output.data.0, &mut grad_input.data.0);
}

/// One step of a sequence to which no steps are added: overwrites `output` with the padded frame.
#[inline]
pub fn step<T: Scalar, const BATCH: usize, const N: usize, const M: usize, const D: usize>(
    isa: impl Isa,
    mode: Mode,
    sizes: [usize; D],
    around: [[usize; 2]; D],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    forward(isa, mode, sizes, around, input, output);
}

#[derive(Clone, Copy)]
struct Places<const D: usize> {
    mode: Mode,
    sizes: [usize; D],
    around: [[usize; 2]; D],
    strides: [usize; D],
}

impl<const D: usize> Places<D> {
    /// The sizes of the output.
    #[inline(always)]
    fn output(self) -> [usize; D] {
        let mut sizes = self.sizes;
        for (size, [before, after]) in sizes.iter_mut().zip(self.around) {
            *size += before + after;
        }
        sizes
    }

    /// Where the values come from that have this index along a dimension of the output.
    #[inline(always)]
    fn of(self, dimension: usize, index: usize) -> Option<usize> {
        let (size, stride) = (*self.sizes.get(dimension)?, *self.strides.get(dimension)?);
        let [before, _] = *self.around.get(dimension)?;
        let place = match self.mode {
            Mode::Constant(_) => index.checked_sub(before).filter(|place| *place < size)?,
            Mode::Reflect => {
                let place = index.abs_diff(before);
                if place < size { place } else { (2 * (size - 1)).checked_sub(place)? }
            }
            Mode::Replicate => index.saturating_sub(before).min(size - 1),
        };
        Some(place * stride)
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    fn padded(mode: Mode) -> [f64; 7] {
        let input = SMatrix::<f64, 1, 3>::new(1.0, 2.0, 3.0);
        let mut output = SMatrix::<f64, 1, 7>::repeat(99.0);
        forward(Portable, mode, [3], [[2, 2]], &input, &mut output);
        core::array::from_fn(|place| output[place])
    }

    #[test]
    fn values_by_hand() {
        assert_eq!(padded(Mode::Constant(-0.5)), [-0.5, -0.5, 1.0, 2.0, 3.0, -0.5, -0.5]);
        assert_eq!(padded(Mode::Reflect), [3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]);
        assert_eq!(padded(Mode::Replicate), [1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0]);
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    #[test]
    fn backward_is_the_adjoint_of_forward() {
        let (sizes, around) = ([2, 3, 4], [[0, 1], [2, 0], [3, 2]]);
        let input = SMatrix::<f32, 3, 24>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        let grad_output = SMatrix::<f32, 3, 135>::from_fn(|row, column| ((row + 3 * column) % 7) as f32 - 3.0);
        let mut output = SMatrix::<f32, 3, 135>::repeat(99.0);
        let mut grad_input = SMatrix::<f32, 3, 24>::repeat(99.0);
        for mode in [Mode::Constant(0.0), Mode::Replicate, Mode::Reflect] {
            forward(Portable, mode, sizes, around, &input, &mut output);
            backward_input(Portable, mode, sizes, around, &grad_output, &mut grad_input);
            assert_eq!(output.dot(&grad_output), input.dot(&grad_input), "{mode:?}");
        }
    }
}
