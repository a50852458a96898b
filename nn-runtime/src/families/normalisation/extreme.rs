//! Normalisation of values whose squares leave the range of their type: 1e20 in `f32`, whose variance would be infinite though the
//! output is of ordinary size, or 1e-30 with an `eps` of 0.
//!
//! It computes in `f64`, with values times a power of two that brings the largest close to 1. It is rare, so it is written to be
//! small, not fast. The loops of [`groups`](super::groups) and [`batch`](super::batch) call it for lanes whose statistics are
//! [extreme](is_extreme); the formulas are theirs.

use core::iter;

use crate::scalar::Scalar;

/// Whether the square of a reciprocal standard deviation, or the variance, is no normal number of the type: then the squares of
/// the values have overflowed or lost digits, or there is nothing to divide by.
#[inline(always)]
pub(super) fn is_extreme<T: Scalar>(rstd: T) -> bool {
    let square = rstd * rstd;
    !(square >= T::MIN_POSITIVE && square <= T::ONE / T::MIN_POSITIVE)
}

/// `1 / sqrt(var + eps)`, or 0 if that would divide by 0: constant values are normalised to 0, with gradients of 0.
#[inline(always)]
pub(super) fn reciprocal_root<T: Scalar>(sum: T) -> T {
    let rstd = T::ONE / sum.sqrt();
    if sum == T::ZERO { T::ZERO } else { rstd }
}

/// The lanes of some columns that are normalised together: `count` of each `batch`, from `first` on.
#[derive(Clone, Copy)]
pub(super) struct Lanes {
    pub(super) batch: usize,
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Lanes {
    /// The places of the values of these lanes among `len`, each behind the index of its column.
    fn places(self, len: usize) -> impl Iterator<Item = (usize, usize)> + Clone {
        let Self { batch, first, count } = self;
        let columns = 0..len.checked_div(batch).unwrap_or(0);
        columns.flat_map(move |column| iter::repeat_n(column, count).zip(column * batch + first..))
    }

    /// The values of these lanes.
    fn of<T: Scalar>(self, values: &[T]) -> impl Iterator<Item = f64> + Clone {
        self.places(values.len()).map(|(_, place)| at(values, place))
    }
}

fn at<T: Scalar>(values: &[T], place: usize) -> f64 {
    values.get(place).map_or(0.0, |value| value.to_f64())
}

/// The largest power of two that is a normal number and not above `size`.
fn power_below(size: f64) -> f64 {
    let size = if size < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { size };
    f64::from_bits(size.to_bits() & f64::INFINITY.to_bits())
}

/// The statistics of some lanes, of values times `scale`, which is a power of two.
#[derive(Clone, Copy)]
pub(super) struct Scaled {
    scale: f64,
    mean: f64,
    var: f64,
    rstd: f64,
}

impl Scaled {
    /// The statistics of values; without a mean, those of the distance from 0.
    #[cold]
    #[inline(never)]
    pub(super) fn measure<T: Scalar>(values: &[T], lanes: Lanes, is_centred: bool, eps: T) -> Self {
        let values = lanes.of(values);
        // NaN is kept
        let largest = values.clone().map(f64::abs).fold(0.0, |most, size| if size <= most { most } else { size });
        if !is_centred && largest == f64::INFINITY {
            return Self { scale: 1.0, mean: 0.0, var: largest, rstd: 0.0 };
        }
        // so that neither the variance nor `eps` overflows
        let root = Scalar::sqrt(eps.to_f64());
        let scale = 1.0 / power_below(if root > largest { root } else { largest });
        let share = 1.0 / values.clone().count().max(1) as f64;
        let values = values.map(|value| value * scale);
        let mean = if is_centred { values.clone().sum::<f64>() * share } else { 0.0 };
        let differences = values.map(|value| value - mean);
        // what rounding has left between `mean` and the mean
        let rest = if is_centred { differences.clone().sum::<f64>() * share } else { 0.0 };
        let var = differences.map(|difference| difference * difference).sum::<f64>() * share - rest * rest;
        let var = if var < 0.0 { 0.0 } else { var };
        let rstd = reciprocal_root(var + eps.to_f64() * scale * scale);
        Self { scale, mean: mean + rest, var, rstd }
    }

    /// What a forward pass has kept of the mean and of `rstd`. Where the type could not hold `rstd`, `eps` was nothing beside the
    /// variance, and the values are measured again.
    pub(super) fn kept<T: Scalar>(mean: T, rstd: T, values: &[T], lanes: Lanes, is_centred: bool) -> Self {
        let is_normal = rstd >= T::MIN_POSITIVE && rstd < T::from_f64(f64::INFINITY);
        if !is_normal && rstd > T::ZERO {
            return Self::measure(values, lanes, is_centred, T::ZERO);
        }
        let (mean, rstd) = (mean.to_f64(), rstd.to_f64());
        let scale = power_below(rstd);
        Self { scale, mean: mean * scale, var: 0.0, rstd: rstd / scale }
    }

    pub(super) fn mean<T: Scalar>(self) -> T {
        T::from_f64(self.mean / self.scale)
    }

    /// Infinite where it is too large for the type.
    pub(super) fn var<T: Scalar>(self) -> T {
        T::from_f64(self.var / self.scale / self.scale)
    }

    /// Infinite where it is too large for the type.
    pub(super) fn rstd<T: Scalar>(self) -> T {
        T::from_f64(self.rstd * self.scale)
    }

    fn norm(self, value: f64) -> f64 {
        (value * self.scale - self.mean) * self.rstd
    }
}

/// Overwrites the output of some lanes. A weight is for `length` columns.
#[cold]
#[inline(never)]
pub(super) fn normalise<T: Scalar>(
    statistics: Scaled,
    lanes: Lanes,
    length: usize,
    weight: &[T],
    bias: &[T],
    input: &[T],
    output: &mut [T],
) {
    for (column, place) in lanes.places(input.len()) {
        let index = column / length.max(1);
        let value = statistics.norm(at(input, place)) * at(weight, index) + at(bias, index);
        if let Some(output) = output.get_mut(place) {
            *output = T::from_f64(value);
        }
    }
}

/// Adds to the gradients of weights and biases what some lanes give.
#[cold]
#[inline(never)]
pub(super) fn add_sums<T: Scalar>(
    statistics: Scaled,
    lanes: Lanes,
    length: usize,
    input: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
    grad_bias: &mut [T],
) {
    for (column, place) in lanes.places(input.len()) {
        let (index, grad) = (column / length.max(1), at(grad_output, place));
        if let Some(grad_weight) = grad_weight.get_mut(index) {
            *grad_weight += T::from_f64(grad * statistics.norm(at(input, place)));
        }
        if let Some(grad_bias) = grad_bias.get_mut(index) {
            *grad_bias += T::from_f64(grad);
        }
    }
}

/// Overwrites the input of some lanes with its gradient.
#[cold]
#[inline(never)]
pub(super) fn input_gradient<T: Scalar>(
    statistics: Scaled,
    lanes: Lanes,
    length: usize,
    is_centred: bool,
    weight: &[T],
    grad_output: &[T],
    input_then_grad: &mut [T],
) {
    let grad_norm = |(column, place)| at(grad_output, place) * at(weight, column / length.max(1));
    let places = lanes.places(grad_output.len());
    let (mut through_mean, mut through_rstd, mut count) = (0.0, 0.0, 0.0);
    for (column, place) in places.clone() {
        through_mean += grad_norm((column, place));
        through_rstd += grad_norm((column, place)) * statistics.norm(at(input_then_grad, place));
        count += 1.0;
    }
    let through_mean = if is_centred { through_mean / count } else { 0.0 };
    for (column, place) in places {
        let Some(value) = input_then_grad.get_mut(place) else { continue };
        let through_rstd = statistics.norm(value.to_f64()) * through_rstd / count;
        let grad = grad_norm((column, place)) - through_mean - through_rstd;
        *value = T::from_f64(grad * statistics.rstd * statistics.scale);
    }
}
