//! The passes over the groups of a single sample, which has no lanes: neighbouring columns take their place.

use core::ops::Range;

use super::statistics::{Group, Moments, Statistics, Through};
use super::{AddSums, Groups, InputGradient, Normalise, extreme};
use crate::kernels::{COLUMNS, Isa, Lanes, each_column, load, store, sum_samples};
use crate::scalar::Scalar;

#[inline(always)]
pub(super) fn normalise<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: Normalise<T, BATCH>) {
    let Normalise { groups, eps, weight, bias, input, output, cache } = operands;
    let size = groups.size.max(1);
    let parts = input.as_flattened().chunks_exact(size).zip(output.as_flattened_mut().chunks_exact_mut(size));
    let mut kept = cache.as_flattened_mut().chunks_exact_mut(groups.kept());
    for (group, (input, output)) in parts.enumerate() {
        let statistics = Statistics::measure(isa, &Columns(input), groups.is_centred, eps);
        let kept = kept.next().unwrap_or_default();
        if statistics.are_extreme() {
            let weights = [weight, bias].map(|all| all.get(groups.weights_of(group)).unwrap_or_default());
            extreme::normalise(groups, [1, 0], eps, weights, input, output, kept);
            continue;
        }
        for (kept, [value]) in kept.iter_mut().zip([statistics.rstd, statistics.mean]) {
            *kept = value;
        }
        for Stretch { columns, weights } in stretches(groups, group) {
            let weight = weight.get(weights.clone()).unwrap_or_default();
            let bias = bias.get(weights).unwrap_or_default();
            let input = input.get(columns.clone()).unwrap_or_default();
            let output = output.get_mut(columns.clone()).unwrap_or_default();
            each_column(isa, columns.len(), &mut NormaliseStretch { statistics, weight, bias, input, output });
        }
    }
}

struct NormaliseStretch<'a, T> {
    statistics: Statistics<T, 1>,
    weight: &'a [T],
    bias: &'a [T],
    input: &'a [T],
    output: &'a mut [T],
}

impl<T: Scalar> Lanes for NormaliseStretch<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, column: usize) {
        let (weight, bias) = (load_weights::<T, L>(self.weight, column), load_weights(self.bias, column));
        let input = load(self.input, column);
        store(self.output, column, self.statistics.of_all().output(isa, &input, &weight, &bias));
    }
}

/// The columns of a group.
struct Columns<'a, T>(&'a [T]);

impl<T: Scalar> Group<T, 1> for Columns<'_, T> {
    #[inline(always)]
    fn size(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn moments<I: Isa>(&self, isa: I, &[centre]: &[T; 1]) -> Moments<T, 1> {
        let (centres, mut moments) = ([centre; COLUMNS], Moments::ZERO);
        let (chunks, rest) = self.0.as_chunks();
        for chunk in chunks {
            moments.add(isa, chunk, &centres);
        }
        if !rest.is_empty() {
            // filled up with the centre, which adds nothing: one by one, the first sum would not stay in the others' register
            let mut last = centres;
            for (place, value) in last.iter_mut().zip(rest) {
                *place = *value;
            }
            moments.add(isa, &last, &centres);
        }
        let Moments { sums, squares } = moments;
        Moments { sums: [sum_samples(&sums, COLUMNS)], squares: [sum_samples(&squares, COLUMNS)] }
    }
}

#[inline(always)]
pub(super) fn add_sums<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: AddSums<T, BATCH>) {
    let AddSums { groups, input, cache, grad_output, grad_weight, grad_bias } = operands;
    let size = groups.size.max(1);
    let parts = input.as_flattened().chunks_exact(size).zip(grad_output.as_flattened().chunks_exact(size));
    for (group, ((input, grad_output), kept)) in parts.zip(cache.chunks_exact(groups.kept())).enumerate() {
        let statistics = Statistics::kept(kept, 0);
        if statistics.are_extreme() {
            let weights = groups.weights_of(group);
            let grad_weight = grad_weight.get_mut(weights.clone()).unwrap_or_default();
            let grad_bias = grad_bias.get_mut(weights).unwrap_or_default();
            extreme::add_group(groups, [1, 0], input, kept.as_flattened(), grad_output, grad_weight, grad_bias);
            continue;
        }
        for Stretch { columns, weights } in stretches(groups, group) {
            let input = input.get(columns.clone()).unwrap_or_default();
            let grad_output = grad_output.get(columns.clone()).unwrap_or_default();
            let grad_weight = grad_weight.get_mut(weights.clone()).unwrap_or_default();
            let grad_bias = grad_bias.get_mut(weights.clone()).unwrap_or_default();
            let mut sums = StretchSums { statistics, input, grad_output, grad_weight, grad_bias };
            each_column(isa, columns.len(), &mut sums);
        }
    }
}

struct StretchSums<'a, T> {
    statistics: Statistics<T, 1>,
    input: &'a [T],
    grad_output: &'a [T],
    grad_weight: &'a mut [T],
    grad_bias: &'a mut [T],
}

impl<T: Scalar> Lanes for StretchSums<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, column: usize) {
        let grad = load::<T, L>(self.grad_output, column);
        let norm = self.statistics.of_all::<L>().norm(&load(self.input, column));
        add_to_weights::<I, T, L>(isa, self.grad_weight, column, &core::array::from_fn(|i| grad[i] * norm[i]));
        add_to_weights(isa, self.grad_bias, column, &grad);
    }
}

#[inline(always)]
pub(super) fn input_gradient<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: InputGradient<T, BATCH>) {
    let InputGradient { groups, weight, cache, grad_output, input_then_grad } = operands;
    let size = groups.size.max(1);
    let gradients = input_then_grad.as_flattened_mut().chunks_exact_mut(size);
    let parts = grad_output.as_flattened().chunks_exact(size).zip(gradients);
    for (group, ((grad_output, input), kept)) in parts.zip(cache.chunks_exact(groups.kept())).enumerate() {
        let statistics = Statistics::kept(kept, 0);
        if statistics.are_extreme() {
            let weight = weight.get(groups.weights_of(group)).unwrap_or_default();
            extreme::input_gradient(groups, [1, 0], weight, kept.as_flattened(), grad_output, input);
            continue;
        }
        let mut sums = Through::ZERO;
        for Stretch { columns, weights } in stretches(groups, group) {
            let weight = weight.get(weights).unwrap_or_default();
            let grad_output = grad_output.get(columns.clone()).unwrap_or_default();
            let input = input.get(columns.clone()).unwrap_or_default();
            let mut stretch = SumStretch { statistics, weight, grad_output, input, sums };
            each_column(isa, columns.len(), &mut stretch);
            sums = stretch.sums;
        }
        let sums = Through { mean: [sum_samples(&sums.mean, COLUMNS)], rstd: [sum_samples(&sums.rstd, COLUMNS)] };
        let through = sums.of_sums(&statistics, size, groups.is_centred);
        for Stretch { columns, weights } in stretches(groups, group) {
            let weight = weight.get(weights).unwrap_or_default();
            let grad_output = grad_output.get(columns.clone()).unwrap_or_default();
            let input_then_grad = input.get_mut(columns.clone()).unwrap_or_default();
            let mut stretch = StretchGradient { statistics, through, weight, grad_output, input_then_grad };
            each_column(isa, columns.len(), &mut stretch);
        }
    }
}

struct SumStretch<'a, T> {
    statistics: Statistics<T, 1>,
    weight: &'a [T],
    grad_output: &'a [T],
    input: &'a [T],
    sums: Through<T, COLUMNS>,
}

impl<T: Scalar> Lanes for SumStretch<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, column: usize) {
        let (grad, input) = (load::<T, L>(self.grad_output, column), load(self.input, column));
        let weight = load_weights(self.weight, column);
        let mut sums = Through { mean: load(&self.sums.mean, 0), rstd: load(&self.sums.rstd, 0) };
        sums.add(isa, &self.statistics.of_all().mean, &weight, &grad, &input);
        store(&mut self.sums.mean, 0, sums.mean);
        store(&mut self.sums.rstd, 0, sums.rstd);
    }
}

struct StretchGradient<'a, T> {
    statistics: Statistics<T, 1>,
    through: Through<T, 1>,
    weight: &'a [T],
    grad_output: &'a [T],
    input_then_grad: &'a mut [T],
}

impl<T: Scalar> Lanes for StretchGradient<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, column: usize) {
        let (grad, input) = (load::<T, L>(self.grad_output, column), load(self.input_then_grad, column));
        let (statistics, weight) = (self.statistics.of_all(), load_weights(self.weight, column));
        let grad_input = self.through.of_all().grad_input(isa, &statistics, &weight, &grad, &input);
        store(self.input_then_grad, column, grad_input);
    }
}

/// Neighbouring columns of a group, and their weights: as many, or one for all of them.
struct Stretch {
    columns: Range<usize>,
    weights: Range<usize>,
}

/// All columns of a group together, if each has its own weight; otherwise those that share one.
#[inline(always)]
fn stretches(groups: Groups, group: usize) -> impl Iterator<Item = Stretch> {
    let Groups { size, length, .. } = groups;
    let weights = groups.weights_of(group);
    let (count, columns, each) = if length == 1 { (1, size, weights.len()) } else { (weights.len(), length, 1) };
    (0..count).map(move |i| {
        let first = weights.start + i * each;
        Stretch { columns: i * columns..(i + 1) * columns, weights: first..first + each }
    })
}

/// The weights of the columns from `column` on; zeros if there are none.
#[inline(always)]
fn load_weights<T: Scalar, const L: usize>(weights: &[T], column: usize) -> [T; L] {
    if let [weight] = weights { [*weight; L] } else { load(weights, column) }
}

/// Adds to the weights of the columns from `column` on, if there are any.
#[inline(always)]
fn add_to_weights<I: Isa, T: Scalar, const L: usize>(isa: I, weights: &mut [T], column: usize, terms: &[T; L]) {
    if let [weight] = weights {
        *weight += sum_samples(terms, L);
    } else {
        let mut sums = load(weights, column);
        isa.add_scaled(T::ONE, terms, &mut sums);
        store(weights, column, sums);
    }
}
