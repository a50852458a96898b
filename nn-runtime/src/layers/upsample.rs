//! A signal or an image that is several times as long, or as high and as wide. PyTorch:
//! `torch.nn.Upsample(scale_factor=.., mode=.., align_corners=..)`.
//!
//! ```text
//! [BATCH, C, H, W] -> [BATCH, C, OH, OW] = [BATCH, C, H · scale[0], W · scale[1]]; a signal has no H
//!
//! nearest:
//! output[c, y, x] = input[c, ⌊y / scale[0]⌋, ⌊x / scale[1]⌋]
//!
//! linear, over an image `bilinear`:
//! output[c, y, x] = Σ down[k] · across[l] · input[c, y' + k, x' + l]   over k, l in 0, 1
//! y'      = ⌊at⌋
//! at      = max((y + 1/2) / scale[0] - 1/2, 0)   or with `align_corners` y · (H - 1) / (OH - 1)
//! down[1] = at - y',  down[0] = 1 - down[1]       and the same for x', `across`
//! ```
//!
//! Behind the last row or column the last one counts once more.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, y', x'] = Σ weight · grad_output[c, y, x]   over the values that input[c, y', x'] is a part of
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::families::places::{gather, scatter};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// How the values between those of the input are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As copies of the nearest one.
    Nearest,
    /// On the lines between neighbours.
    Linear {
        /// Whether the outermost values of input and output are at the same place, rather than their outer edges.
        align_corners: bool,
    },
}

/// Overwrites `output`. `size` is the height and the width of the input, the height of a signal being 1.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    mode: Mode,
    size: [usize; 2],
    scale: [usize; 2],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    let (input, output) = (&input.data.0[..], &mut output.data.0[..]);
    match mode {
        Mode::Nearest => {
            gather(
                sizes(N, size, scale),
                |dimension, index| nearest(size, scale, dimension, index),
                T::ZERO,
                input,
                output,
            );
        }
        Mode::Linear { align_corners } => isa.call(Mix { size, scale, align_corners, input, output }),
    }
}

/// Overwrites `grad_input`. The options are those of the forward pass.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    mode: Mode,
    size: [usize; 2],
    scale: [usize; 2],
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let (grad_output, grad_input) = (&grad_output.data.0[..], &mut grad_input.data.0[..]);
    match mode {
        Mode::Nearest => {
            scatter(
                sizes(N, size, scale),
                |dimension, index| nearest(size, scale, dimension, index),
                grad_output,
                grad_input,
            );
        }
        Mode::Linear { align_corners } => isa.call(Spread { size, scale, align_corners, grad_output, grad_input }),
    }
}

/// The channels, the height and the width of the output.
#[inline(always)]
fn sizes(values: usize, [height, width]: [usize; 2], scale: [usize; 2]) -> [usize; 3] {
    [values.checked_div(height * width).unwrap_or_default(), height * scale[0], width * scale[1]]
}

/// Where the values come from that have this index along a dimension of the output.
#[inline(always)]
fn nearest([height, width]: [usize; 2], scale: [usize; 2], dimension: usize, index: usize) -> Option<usize> {
    match dimension {
        0 => Some(index * height * width),
        1 => index.checked_div(scale[0]).map(|row| row * width),
        _ => index.checked_div(scale[1]),
    }
}

/// Two neighbours along a dimension, and what they count.
#[derive(Clone, Copy)]
struct Between<T> {
    places: [usize; 2],
    weights: [T; 2],
}

impl<T: Scalar> Between<T> {
    #[inline(always)]
    fn new(size: usize, scale: usize, align_corners: bool, index: usize) -> Self {
        let last = size.saturating_sub(1);
        // the place among the values of the input is whole / parts
        let (whole, parts) = if align_corners {
            (index as u64 * last as u64, (size * scale).saturating_sub(1).max(1) as u64)
        } else {
            ((2 * index as u64 + 1).saturating_sub(scale as u64), 2 * scale.max(1) as u64)
        };
        let first = usize::try_from(whole / parts).unwrap_or(last).min(last);
        let second = (whole % parts) as f64 / parts as f64;
        Self { places: [first, (first + 1).min(last)], weights: [T::from_f64(1.0 - second), T::from_f64(second)] }
    }
}

/// Visits the output of each channel in order: the places of its four neighbours in the channel, and what they count.
#[inline(always)]
fn each<T: Scalar>(
    [height, width]: [usize; 2],
    scale: [usize; 2],
    align_corners: bool,
    mut visit: impl FnMut([usize; 4], [T; 4]),
) {
    for y in 0..height * scale[0] {
        let down = Between::<T>::new(height, scale[0], align_corners, y);
        let [above, below] = down.places.map(|row| row * width);
        for x in 0..width * scale[1] {
            let Between { places: [left, right], weights: [w, v] } =
                Between::<T>::new(width, scale[1], align_corners, x);
            let [a, b] = down.weights;
            visit([above + left, above + right, below + left, below + right], [a * w, a * v, b * w, b * v]);
        }
    }
}

struct Mix<'a, T, const BATCH: usize> {
    size: [usize; 2],
    scale: [usize; 2],
    align_corners: bool,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Mix<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self { size, scale, align_corners, input, output } = self;
        let mut outputs = output.iter_mut();
        for channel in input.chunks_exact((size[0] * size[1]).max(1)) {
            each(size, scale, align_corners, |places, weights: [T; 4]| {
                let Some(output) = outputs.next() else { return };
                let mut sum = [T::ZERO; BATCH];
                for (place, weight) in places.into_iter().zip(weights) {
                    let Some(values) = channel.get(place) else { continue };
                    for (sum, value) in sum.iter_mut().zip(values) {
                        *sum += *value * weight;
                    }
                }
                *output = sum;
            });
        }
    }
}

struct Spread<'a, T, const BATCH: usize> {
    size: [usize; 2],
    scale: [usize; 2],
    align_corners: bool,
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Spread<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self { size, scale, align_corners, grad_output, grad_input } = self;
        let mut grad_outputs = grad_output.iter();
        for channel in grad_input.chunks_exact_mut((size[0] * size[1]).max(1)) {
            channel.fill([T::ZERO; BATCH]);
            each(size, scale, align_corners, |places, weights: [T; 4]| {
                let Some(grad_output) = grad_outputs.next() else { return };
                for (place, weight) in places.into_iter().zip(weights) {
                    let Some(grad_input) = channel.get_mut(place) else { continue };
                    for (grad_input, grad) in grad_input.iter_mut().zip(grad_output) {
                        *grad_input += *grad * weight;
                    }
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    const MODES: [Mode; 3] =
        [Mode::Nearest, Mode::Linear { align_corners: false }, Mode::Linear { align_corners: true }];

    #[test]
    fn values_by_hand() {
        let input = SMatrix::<f64, 1, 2>::new(0.0, 4.0);
        let [nearest, linear, aligned] = MODES.map(|mode| {
            let mut output = SMatrix::<f64, 1, 4>::repeat(99.0);
            forward(Portable, mode, [1, 2], [1, 2], &input, &mut output);
            output
        });
        assert_eq!(nearest, SMatrix::<f64, 1, 4>::new(0.0, 0.0, 4.0, 4.0));
        assert_eq!(linear, SMatrix::<f64, 1, 4>::new(0.0, 1.0, 3.0, 4.0));
        assert!((aligned - SMatrix::<f64, 1, 4>::new(0.0, 4.0 / 3.0, 8.0 / 3.0, 4.0)).amax() < 1e-15);
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    struct Adjoint<const BATCH: usize>;

    impl<const BATCH: usize> Kernel for Adjoint<BATCH> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            let input = SMatrix::<f64, BATCH, 30>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f64 - 5.0);
            let grad_output = SMatrix::<f64, BATCH, 180>::from_fn(|row, column| ((row + 3 * column) % 7) as f64 - 3.0);
            let (mut output, mut grad_input) = (SMatrix::repeat(99.0), SMatrix::repeat(99.0));
            for mode in MODES {
                forward(isa, mode, [3, 5], [2, 3], &input, &mut output);
                backward_input(isa, mode, [3, 5], [2, 3], &grad_output, &mut grad_input);
                let difference = output.dot(&grad_output) - input.dot(&grad_input);
                assert!(difference.abs() < 1e-10, "{mode:?}: {difference}");
            }
        }
    }

    #[test]
    fn backward_is_the_adjoint_of_forward() {
        Adjoint::<1>.run(Portable);
        Adjoint::<3>.run(Portable);
        dispatch(Adjoint::<32>);
    }
}
