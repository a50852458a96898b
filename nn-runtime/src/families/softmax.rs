//! What `softmax` is, of a layer and of attention, on one group of columns.
//!
//! ```text
//! output = exp(scale · input) / Σ exp(scale · input)
//! ```
//!
//! The largest input is subtracted before the exponential: the output is the same, and nothing overflows. The lanes are
//! those of the batch. A single sample has none: there neighbouring columns take their place.
//!
//! Over a dimension with others behind it, the values are blocks of `size` rows of `stride` lanes: those of the batch, for each
//! place in the dimensions behind.

use crate::kernels::{COLUMNS, Isa, Lanes, each_column, each_lane, load, store, sum_samples};
use crate::math::{exp_nonpositive, lanes};
use crate::scalar::Scalar;

/// Overwrites groups of `size` columns, the input, with the output.
///
/// Each step is done for all groups before the next: what one has to wait for does not hold up the others.
#[inline(always)]
pub(crate) fn forward<I: Isa, T: Scalar, const BATCH: usize>(isa: I, size: usize, groups: &mut [[T; BATCH]]) {
    for group in groups.chunks_exact_mut(size.max(1)) {
        subtract_maximum(isa, T::ONE, group);
    }
    exponentials(isa, groups);
    for group in groups.chunks_exact_mut(size.max(1)) {
        divide_by_sum(isa, group);
    }
}

/// Overwrites blocks of `size` rows of `stride` lanes, the input, with the output.
#[inline(always)]
pub(crate) fn forward_along<I: Isa, T: Scalar>(isa: I, size: usize, stride: usize, values: &mut [T]) {
    for group in values.chunks_exact_mut((size * stride).max(1)) {
        each_column(isa, stride, &mut SubtractMaximum { scale: T::ONE, stride, group });
    }
    exponentials::<I, T, 1>(isa, values.as_chunks_mut().0);
    for group in values.chunks_exact_mut((size * stride).max(1)) {
        each_column(isa, stride, &mut DivideBySum { stride, group });
    }
}

/// Overwrites a group with the differences from its maximum, times `scale`, which is positive: none is larger than 0.
#[inline(always)]
pub(crate) fn subtract_maximum<I: Isa, T: Scalar, const BATCH: usize>(isa: I, scale: T, group: &mut [[T; BATCH]]) {
    if const { BATCH > 1 } {
        each_lane::<I, T, BATCH>(isa, &mut SubtractMaximum { scale, stride: BATCH, group: group.as_flattened_mut() });
        return;
    }
    let values = group.as_flattened_mut();
    let [maximum] = lanes::maximum::<T, 1>(values.as_chunks().0);
    each_column(isa, values.len(), &mut Subtract { scale, maximum, values });
}

/// Overwrites numbers that are 0, negative or NaN with their exponentials. A loop of its own: part of another, it is not
/// vectorised.
#[inline(always)]
pub(crate) fn exponentials<I: Isa, T: Scalar, const BATCH: usize>(isa: I, columns: &mut [[T; BATCH]]) {
    for value in columns.as_flattened_mut() {
        *value = exp_nonpositive(isa, *value);
    }
}

/// Divides a group by its sum.
#[inline(always)]
pub(crate) fn divide_by_sum<I: Isa, T: Scalar, const BATCH: usize>(isa: I, group: &mut [[T; BATCH]]) {
    if const { BATCH > 1 } {
        each_lane::<I, T, BATCH>(isa, &mut DivideBySum { stride: BATCH, group: group.as_flattened_mut() });
        return;
    }
    let values = group.as_flattened_mut();
    let [sum] = lanes::sum::<T, 1>(values.as_chunks().0);
    each_column(isa, values.len(), &mut Scale { factor: T::ONE / sum, values });
}

/// Subtracts the maximum of each lane in the rows of a group.
pub(crate) struct SubtractMaximum<'a, T> {
    pub(crate) scale: T,
    pub(crate) stride: usize,
    pub(crate) group: &'a mut [T],
}

impl<T: Scalar> Lanes for SubtractMaximum<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, _isa: I, lane: usize) {
        let mut maximum = [-T::from_f64(f64::INFINITY); L];
        for row in self.group.chunks_exact(self.stride) {
            let values = load::<T, L>(row, lane);
            maximum = core::array::from_fn(|i| if values[i] > maximum[i] { values[i] } else { maximum[i] });
        }
        for row in self.group.chunks_exact_mut(self.stride) {
            let values = load::<T, L>(row, lane);
            store::<T, L>(row, lane, core::array::from_fn(|i| self.scale * (values[i] - maximum[i])));
        }
    }
}

struct DivideBySum<'a, T> {
    stride: usize,
    group: &'a mut [T],
}

impl<T: Scalar> Lanes for DivideBySum<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let mut sums = [T::ZERO; L];
        for row in self.group.chunks_exact(self.stride) {
            isa.add_scaled(T::ONE, &load(row, lane), &mut sums);
        }
        let factors = sums.map(|sum| T::ONE / sum);
        for row in self.group.chunks_exact_mut(self.stride) {
            let values = load::<T, L>(row, lane);
            store::<T, L>(row, lane, core::array::from_fn(|i| values[i] * factors[i]));
        }
    }
}

struct Subtract<'a, T> {
    scale: T,
    maximum: T,
    values: &'a mut [T],
}

impl<T: Scalar> Lanes for Subtract<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, _isa: I, column: usize) {
        let values = load::<T, L>(self.values, column);
        store::<T, L>(self.values, column, core::array::from_fn(|i| self.scale * (values[i] - self.maximum)));
    }
}

struct Scale<'a, T> {
    factor: T,
    values: &'a mut [T],
}

impl<T: Scalar> Lanes for Scale<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, _isa: I, column: usize) {
        let values = load::<T, L>(self.values, column);
        store::<T, L>(self.values, column, core::array::from_fn(|i| values[i] * self.factor));
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
    if const { BATCH > 1 } {
        let (output, grad) = (output.as_flattened(), grad.as_flattened_mut());
        each_lane::<I, T, BATCH>(isa, &mut Backward { scale, stride: BATCH, output, grad });
        return;
    }
    let (output, grad) = (output.as_flattened(), grad.as_flattened_mut());
    let mut products = Products { output, grad: &*grad, sums: [T::ZERO; COLUMNS] };
    each_column(isa, output.len(), &mut products);
    let mean = sum_samples(&products.sums, COLUMNS);
    each_column(isa, output.len(), &mut Gradients { scale, mean, output, grad });
}

/// [`backward`] on blocks of `size` rows of `stride` lanes, unscaled.
#[inline(always)]
pub(crate) fn backward_along<I: Isa, T: Scalar>(isa: I, size: usize, stride: usize, output: &[T], grad: &mut [T]) {
    let len = (size * stride).max(1);
    for (output, grad) in output.chunks_exact(len).zip(grad.chunks_exact_mut(len)) {
        each_column(isa, stride, &mut Backward { scale: T::ONE, stride, output, grad });
    }
}

struct Backward<'a, T> {
    scale: T,
    stride: usize,
    output: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar> Lanes for Backward<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let mut mean = [T::ZERO; L];
        for (output, grad) in self.output.chunks_exact(self.stride).zip(self.grad.chunks_exact(self.stride)) {
            isa.add_products(&load(output, lane), &load(grad, lane), &mut mean);
        }
        for (output, grad) in self.output.chunks_exact(self.stride).zip(self.grad.chunks_exact_mut(self.stride)) {
            let gradients = gradients(self.scale, &load(output, lane), &load(grad, lane), &mean);
            store(grad, lane, gradients);
        }
    }
}

#[inline(always)]
fn gradients<T: Scalar, const L: usize>(scale: T, output: &[T; L], grad: &[T; L], mean: &[T; L]) -> [T; L] {
    core::array::from_fn(|i| scale * output[i] * (grad[i] - mean[i])) // terms 1 and 2
}

struct Products<'a, T> {
    output: &'a [T],
    grad: &'a [T],
    sums: [T; COLUMNS],
}

impl<T: Scalar> Lanes for Products<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, column: usize) {
        let mut sums = load::<T, L>(&self.sums, 0);
        isa.add_products(&load(self.output, column), &load(self.grad, column), &mut sums);
        store(&mut self.sums, 0, sums);
    }
}

struct Gradients<'a, T> {
    scale: T,
    mean: T,
    output: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar> Lanes for Gradients<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, _isa: I, column: usize) {
        let (output, grad) = (load::<T, L>(self.output, column), load(self.grad, column));
        store(self.grad, column, gradients(self.scale, &output, &grad, &[self.mean; L]));
    }
}
