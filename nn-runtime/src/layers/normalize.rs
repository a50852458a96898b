//! Values along one dimension, divided by their norm. PyTorch: `torch.nn.functional.normalize(input, p, dim, eps)`.
//!
//! ```text
//! norm   = (Σ |input|^p)^(1/p)         [BATCH, blocks, stride]
//! output = input / max(norm, eps)      [BATCH, blocks, size, stride]   in place
//! ```
//!
//! N = blocks · size · stride: `stride` is the product of the sizes behind the dimension, 1 for the last. The values along the
//! dimension are a group, which has one norm. As in PyTorch, the powers overflow if a value is large enough: 2e19 in `f32` for
//! a `p` of 2. Then the norm is infinite, and the outputs are 0.
//!
//! # Backward
//!
//! ```text
//! slope      = sign(output) · |output|^(p - 1)                  the derivative of norm
//! grad_input = (grad_output                                     term 1: through the value itself
//!               - slope · Σ grad_output · output) / norm        term 2: through the norm
//!            = grad_output / eps                                where norm < eps
//! ```
//!
//! As in PyTorch, the slope at 0 is 0 for every `p`. Nothing is cached but the input: the output does not tell its norm.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel, Lanes, each_column, load, store};
use crate::math::{exp, ln};
use crate::scalar::{Scalar, sign};

/// Overwrites `value`, the input, with the output. `p` is positive, and `size · stride` divides N.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    p: f64,
    eps: f64,
    size: usize,
    stride: usize,
    value: &mut SMatrix<T, BATCH, N>,
) {
    let (groups, eps) = (Groups { size, stride: stride * BATCH }, T::from_f64(eps));
    let value = value.as_mut_slice();
    match Exponent::of(p) {
        Exponent::One => isa.call(Forward { power: One, eps, groups, value }),
        Exponent::Two => isa.call(Forward { power: Two, eps, groups, value }),
        Exponent::Other => isa.call(Forward { power: Power(p), eps, groups, value }),
    }
}

/// One step of a sequence of `[channels, length]`.
pub use self::forward as step;

/// Overwrites `grad`, the gradient of the output, with the gradient of the input, from the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    p: f64,
    eps: f64,
    size: usize,
    stride: usize,
    input: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    let (groups, eps) = (Groups { size, stride: stride * BATCH }, T::from_f64(eps));
    let (input, grad) = (input.as_slice(), grad.as_mut_slice());
    match Exponent::of(p) {
        Exponent::One => isa.call(BackwardInput { power: One, eps, groups, input, grad }),
        Exponent::Two => isa.call(BackwardInput { power: Two, eps, groups, input, grad }),
        Exponent::Other => isa.call(BackwardInput { power: Power(p), eps, groups, input, grad }),
    }
}

/// The exponents with loops of their own.
enum Exponent {
    One,
    Two,
    Other,
}

impl Exponent {
    #[inline(always)]
    fn of(p: f64) -> Self {
        match p {
            1.0 => Self::One,
            2.0 => Self::Two,
            _ => Self::Other,
        }
    }
}

/// An exponent `p`.
trait Norm: Copy {
    /// `|value|^p`
    fn power<I: Isa, T: Scalar>(self, isa: I, value: T) -> T;
    /// `sum^(1/p)`
    fn root<I: Isa, T: Scalar>(self, isa: I, sum: T) -> T;
    /// The derivative of the norm at this output.
    fn slope<I: Isa, T: Scalar>(self, isa: I, output: T) -> T;
}

#[derive(Clone, Copy)]
struct One;

impl Norm for One {
    #[inline(always)]
    fn power<I: Isa, T: Scalar>(self, _isa: I, value: T) -> T {
        value.abs()
    }

    #[inline(always)]
    fn root<I: Isa, T: Scalar>(self, _isa: I, sum: T) -> T {
        sum
    }

    #[inline(always)]
    fn slope<I: Isa, T: Scalar>(self, _isa: I, output: T) -> T {
        sign(output)
    }
}

#[derive(Clone, Copy)]
struct Two;

impl Norm for Two {
    #[inline(always)]
    fn power<I: Isa, T: Scalar>(self, _isa: I, value: T) -> T {
        value * value
    }

    #[inline(always)]
    fn root<I: Isa, T: Scalar>(self, _isa: I, sum: T) -> T {
        sum.sqrt()
    }

    #[inline(always)]
    fn slope<I: Isa, T: Scalar>(self, _isa: I, output: T) -> T {
        output
    }
}

#[derive(Clone, Copy)]
struct Power(f64);

impl Norm for Power {
    #[inline(always)]
    fn power<I: Isa, T: Scalar>(self, isa: I, value: T) -> T {
        exp(isa, T::from_f64(self.0) * ln(isa, value.abs()))
    }

    #[inline(always)]
    fn root<I: Isa, T: Scalar>(self, isa: I, sum: T) -> T {
        exp(isa, T::from_f64(1.0 / self.0) * ln(isa, sum))
    }

    #[inline(always)]
    fn slope<I: Isa, T: Scalar>(self, isa: I, output: T) -> T {
        // 0 has no finite power below 0
        let slope = sign(output) * Self(self.0 - 1.0).power(isa, output);
        if output == T::ZERO { T::ZERO } else { slope }
    }
}

/// Blocks of `size` rows of `stride` lanes: those of the batch, for each place in the dimensions behind. The values of a lane in
/// the rows of a block are a group.
#[derive(Clone, Copy)]
struct Groups {
    size: usize,
    stride: usize,
}

impl Groups {
    /// The length of a block.
    #[inline(always)]
    fn len(self) -> usize {
        (self.size * self.stride).max(1)
    }
}

struct Forward<'a, T, P> {
    power: P,
    eps: T,
    groups: Groups,
    value: &'a mut [T],
}

impl<T: Scalar, P: Norm> Kernel for Forward<'_, T, P> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { power, eps, groups: groups @ Groups { stride, .. }, value } = self;
        for block in value.chunks_exact_mut(groups.len()) {
            each_column(isa, stride, &mut Divide { power, eps, stride, block });
        }
    }
}

struct BackwardInput<'a, T, P> {
    power: P,
    eps: T,
    groups: Groups,
    input: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar, P: Norm> Kernel for BackwardInput<'_, T, P> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { power, eps, groups: groups @ Groups { stride, .. }, input, grad } = self;
        for (input, grad) in input.chunks_exact(groups.len()).zip(grad.chunks_exact_mut(groups.len())) {
            each_column(isa, stride, &mut Gradients { power, eps, stride, input, grad });
        }
    }
}

struct Divide<'a, T, P> {
    power: P,
    eps: T,
    stride: usize,
    block: &'a mut [T],
}

impl<T: Scalar, P: Norm> Lanes for Divide<'_, T, P> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let norms = norms::<I, T, L>(isa, self.power, self.stride, self.block, lane);
        let divisors = norms.map(|norm| at_least(self.eps, norm));
        for row in self.block.chunks_exact_mut(self.stride) {
            let values = load::<T, L>(row, lane);
            store::<T, L>(row, lane, core::array::from_fn(|i| values[i] / divisors[i]));
        }
    }
}

struct Gradients<'a, T, P> {
    power: P,
    eps: T,
    stride: usize,
    input: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar, P: Norm> Lanes for Gradients<'_, T, P> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let norms = norms::<I, T, L>(isa, self.power, self.stride, self.input, lane);
        let divisors = norms.map(|norm| at_least(self.eps, norm));
        let outputs = |row: &[T]| -> [T; L] {
            let inputs = load::<T, L>(row, lane);
            core::array::from_fn(|i| inputs[i] / divisors[i])
        };
        let mut sums = [T::ZERO; L];
        for (input, grad) in self.input.chunks_exact(self.stride).zip(self.grad.chunks_exact(self.stride)) {
            isa.add_products(&outputs(input), &load(grad, lane), &mut sums);
        }
        // where `eps` takes the place of the norm, nothing depends on the norm
        let sums: [T; L] = core::array::from_fn(|i| if norms[i] < self.eps { T::ZERO } else { sums[i] });
        for (input, grad) in self.input.chunks_exact(self.stride).zip(self.grad.chunks_exact_mut(self.stride)) {
            let (slopes, grads) =
                (outputs(input).map(|output| self.power.slope(isa, output)), load::<T, L>(grad, lane));
            let gradient = |i: usize| (grads[i] - slopes[i] * sums[i]) / divisors[i]; // terms 1 and 2
            store::<T, L>(grad, lane, core::array::from_fn(gradient));
        }
    }
}

/// The norm of each lane.
#[inline(always)]
fn norms<I: Isa, T: Scalar, const L: usize>(isa: I, p: impl Norm, stride: usize, block: &[T], lane: usize) -> [T; L] {
    let mut sums = [T::ZERO; L];
    for row in block.chunks_exact(stride) {
        isa.add_scaled(T::ONE, &load::<T, L>(row, lane).map(|value| p.power(isa, value)), &mut sums);
    }
    sums.map(|sum| p.root(isa, sum))
}

/// The norm, but at least `eps`; NaN stays.
#[inline(always)]
fn at_least<T: Scalar>(eps: T, norm: T) -> T {
    if norm < eps { eps } else { norm }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    /// Compares gradients with differences of a weighted sum of the outputs. Of the first sample, the norms are below `eps`.
    struct Check<const BATCH: usize, const N: usize> {
        p: f64,
        size: usize,
        stride: usize,
    }

    impl<const BATCH: usize, const N: usize> Kernel for Check<BATCH, N> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            const CHANGE: f64 = 1e-6;
            const EPS: f64 = 0.5;
            let Self { p, size, stride } = self;
            let input = SMatrix::<f64, BATCH, N>::from_fn(|row, column| {
                let scale = if BATCH > 1 && row == 0 { 0.05 } else { 1.0 };
                // no closer to the kink at 0 than 0.5 of the scale
                let number = ((13 * row + 7 * column) as f64).sin();
                scale * (number + 0.5_f64.copysign(number))
            });
            let weights = SMatrix::<f64, BATCH, N>::from_fn(|row, column| ((3 + 5 * row + 11 * column) as f64).sin());
            let mut grad = weights;
            backward_input(isa, p, EPS, size, stride, &input, &mut grad);
            for index in 0..BATCH * N {
                let [above, below] = [CHANGE, -CHANGE].map(|change| {
                    let mut value = input;
                    value[index] += change;
                    forward(isa, p, EPS, size, stride, &mut value);
                    value.dot(&weights)
                });
                let expected = (above - below) / (2.0 * CHANGE);
                assert!((grad[index] - expected).abs() < 1e-8, "p {p}, [{index}]: {} is not {expected}", grad[index]);
            }
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        fn check<const BATCH: usize, const N: usize>(size: usize, stride: usize) {
            for p in [1.0, 2.0, 3.0, 1.5] {
                Check::<BATCH, N> { p, size, stride }.run(Portable);
                dispatch(Check::<BATCH, N> { p, size, stride });
            }
        }
        check::<1, 7>(7, 1);
        check::<1, 34>(2, 17);
        check::<3, 12>(3, 2);
        check::<19, 6>(3, 1);
    }

    #[test]
    fn values_by_hand() {
        for (p, expected) in [(1.0, [3.0 / 7.0, -4.0 / 7.0]), (2.0, [0.6, -0.8])] {
            let mut value = SMatrix::<f64, 1, 2>::new(3.0, -4.0);
            forward(Portable, p, 1e-12, 2, 1, &mut value);
            assert!(value.iter().zip(expected).all(|(value, expected)| (value - expected).abs() < 1e-15), "{value}");
        }
    }

    /// What PyTorch has for rows of two values, with the gradient for `[1, 2]`.
    fn check_edges<T: Scalar>(isa: impl Isa, p: f64) {
        let rows: [([f64; 2], [f64; 2], [f64; 2]); 5] = [
            ([0.0, 0.0], [0.0, 0.0], [1e12, 2e12]),
            ([3e-30, 4e-30], [3e-18, 4e-18], [1e12, 2e12]),
            ([3e-13, 0.0], [0.3, 0.0], [1e12, 2e12]),
            ([f64::INFINITY, 1.0], [f64::NAN, 0.0], [f64::NAN; 2]),
            ([f64::NAN, 1.0], [f64::NAN; 2], [f64::NAN; 2]),
        ];
        for (input, output, expected) in rows {
            let input = SMatrix::<T, 1, 2>::from_fn(|_, column| T::from_f64(input[column]));
            let mut value = input;
            forward(isa, p, 1e-12, 2, 1, &mut value);
            let mut grad = SMatrix::<T, 1, 2>::from_fn(|_, column| T::from_f64([1.0, 2.0][column]));
            backward_input(isa, p, 1e-12, 2, 1, &input, &mut grad);
            for (actual, expected) in value.iter().chain(&grad).zip(output.iter().chain(&expected)) {
                let actual = actual.to_f64();
                let is_close = (actual - expected).abs() <= 1e-6 * expected.abs();
                assert!(is_close || actual.is_nan() && expected.is_nan(), "p {p}: {actual} is not {expected}");
            }
        }
    }

    #[test]
    fn edges_are_those_of_pytorch() {
        for p in [1.0, 2.0, 3.0, 0.5] {
            check_edges::<f32>(Portable, p);
            check_edges::<f64>(Portable, p);
        }
    }
}
