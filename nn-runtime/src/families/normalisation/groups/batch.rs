//! The passes over the groups of a batch. The lanes are the samples; of each group, as many at once as stay in registers.

use super::statistics::{Group, Moments, Statistics, Through};
use super::{AddSums, Groups, InputGradient, Normalise, extreme};
use crate::kernels::{Isa, Lanes, each_lane, load, store, sum_samples};
use crate::scalar::Scalar;

#[inline(always)]
pub(super) fn normalise<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: Normalise<T, BATCH>) {
    let Normalise { groups, eps, weight, bias, input, output, cache } = operands;
    let mut kept = cache.chunks_exact_mut(groups.kept());
    let parts = input.chunks_exact(groups.size.max(1)).zip(output.chunks_exact_mut(groups.size.max(1)));
    for (group, (input, output)) in parts.enumerate() {
        let range = groups.weights_of(group);
        let weight = weight.get(range.clone()).unwrap_or_default();
        let bias = bias.get(range).unwrap_or_default();
        let kept = kept.next().unwrap_or_default();
        each_lane::<I, T, BATCH>(isa, &mut NormaliseGroup { groups, eps, weight, bias, input, output, kept });
    }
}

struct NormaliseGroup<'a, T, const BATCH: usize> {
    groups: Groups,
    eps: T,
    weight: &'a [T],
    bias: &'a [T],
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
    kept: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Lanes for NormaliseGroup<'_, T, BATCH> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let Groups { length, is_centred, .. } = self.groups;
        let columns = Columns { values: self.input, lane };
        let statistics = Statistics::<T, L>::measure(isa, &columns, is_centred, self.eps);
        if statistics.are_extreme() {
            for lane in lane..lane + L {
                let (weights, output) = ([self.weight, self.bias], self.output.as_flattened_mut());
                let (input, kept) = (self.input.as_flattened(), self.kept.as_flattened_mut());
                extreme::normalise(self.groups, [BATCH, lane], self.eps, weights, input, output, kept);
            }
            return;
        }
        for (kept, values) in self.kept.iter_mut().zip([statistics.rstd, statistics.mean]) {
            store(kept, lane, values);
        }
        let mut biases = self.bias.iter();
        let columns = self.input.chunks(length.max(1)).zip(self.output.chunks_mut(length.max(1)));
        for (&weight, (input, output)) in self.weight.iter().zip(columns) {
            let bias = biases.next().copied().unwrap_or(T::ZERO);
            for (input, output) in input.iter().zip(output) {
                store(output, lane, statistics.output(isa, &load(input, lane), &[weight; L], &[bias; L]));
            }
        }
    }
}

/// The columns of a group, and the first of the lanes that are worked off.
struct Columns<'a, T, const BATCH: usize> {
    values: &'a [[T; BATCH]],
    lane: usize,
}

impl<T: Scalar, const BATCH: usize, const L: usize> Group<T, L> for Columns<'_, T, BATCH> {
    #[inline(always)]
    fn size(&self) -> usize {
        self.values.len()
    }

    #[inline(always)]
    fn moments<I: Isa>(&self, isa: I, centre: &[T; L]) -> Moments<T, L> {
        let mut moments = Moments::ZERO;
        for values in self.values {
            moments.add(isa, &load(values, self.lane), centre);
        }
        moments
    }
}

#[inline(always)]
pub(super) fn add_sums<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: AddSums<T, BATCH>) {
    let AddSums { groups, input, cache, grad_output, grad_weight, grad_bias } = operands;
    let are_extreme = |kept| Statistics::<T, BATCH>::kept(kept, 0).are_extreme();
    if cache.chunks_exact(groups.kept()).any(are_extreme) {
        let [input, cache, grad_output] = [input, cache, grad_output].map(<[_]>::as_flattened);
        return extreme::add_sums(groups, BATCH, input, cache, grad_output, grad_weight, grad_bias);
    }
    let mut grad_biases = grad_bias.iter_mut();
    for (weight, grad_weight) in grad_weight.iter_mut().enumerate() {
        let (sums, moments) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
        let mut sums = SumsOfWeight { groups, weight, input, cache, grad_output, sums, moments };
        each_lane::<I, T, BATCH>(isa, &mut sums);
        *grad_weight += sum_samples(&sums.moments, BATCH);
        if let Some(grad_bias) = grad_biases.next() {
            *grad_bias += sum_samples(&sums.sums, BATCH);
        }
    }
}

/// The sums over all columns that share a weight: so each sum over the samples is taken once.
struct SumsOfWeight<'a, T, const BATCH: usize> {
    groups: Groups,
    weight: usize,
    input: &'a [[T; BATCH]],
    cache: &'a [[T; BATCH]],
    grad_output: &'a [[T; BATCH]],
    sums: [T; BATCH],
    moments: [T; BATCH],
}

impl<T: Scalar, const BATCH: usize> Lanes for SumsOfWeight<'_, T, BATCH> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let Groups { size, length, .. } = self.groups;
        let (first, every) = self.groups.groups_of(self.weight);
        let column = self.weight % self.groups.weights_of_each().max(1) * length;
        let (mut sums, mut moments) = ([T::ZERO; L], [T::ZERO; L]);
        let inputs = self.input.chunks_exact(size.max(1)).zip(self.grad_output.chunks_exact(size.max(1)));
        let parts = inputs.zip(self.cache.chunks_exact(self.groups.kept()));
        for ((input, grad_output), kept) in parts.skip(first).step_by(every) {
            let statistics = Statistics::kept(kept, lane);
            let input = input.get(column..column + length).unwrap_or_default();
            let grad_output = grad_output.get(column..column + length).unwrap_or_default();
            for (input, grad_output) in input.iter().zip(grad_output) {
                let grad = load(grad_output, lane);
                isa.add_scaled(T::ONE, &grad, &mut sums);
                isa.add_products(&grad, &statistics.norm(&load(input, lane)), &mut moments);
            }
        }
        store(&mut self.sums, lane, sums);
        store(&mut self.moments, lane, moments);
    }
}

#[inline(always)]
pub(super) fn input_gradient<I: Isa, T: Scalar, const BATCH: usize>(isa: I, operands: InputGradient<T, BATCH>) {
    let InputGradient { groups, weight, cache, grad_output, input_then_grad } = operands;
    let size = groups.size.max(1);
    let parts = grad_output.chunks_exact(size).zip(input_then_grad.chunks_exact_mut(size));
    for (group, ((grad_output, input_then_grad), kept)) in parts.zip(cache.chunks_exact(groups.kept())).enumerate() {
        let weight = weight.get(groups.weights_of(group)).unwrap_or_default();
        each_lane::<I, T, BATCH>(isa, &mut GroupGradient { groups, weight, kept, grad_output, input_then_grad });
    }
}

struct GroupGradient<'a, T, const BATCH: usize> {
    groups: Groups,
    weight: &'a [T],
    kept: &'a [[T; BATCH]],
    grad_output: &'a [[T; BATCH]],
    input_then_grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Lanes for GroupGradient<'_, T, BATCH> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let Groups { size, length, is_centred, .. } = self.groups;
        let statistics = Statistics::<T, L>::kept(self.kept, lane);
        if statistics.are_extreme() {
            for lane in lane..lane + L {
                let (kept, grad_output) = (self.kept.as_flattened(), self.grad_output.as_flattened());
                let values = self.input_then_grad.as_flattened_mut();
                extreme::input_gradient(self.groups, [BATCH, lane], self.weight, kept, grad_output, values);
            }
            return;
        }
        let mut sums = Through::ZERO;
        let columns = self.grad_output.chunks(length.max(1)).zip(self.input_then_grad.chunks(length.max(1)));
        for (&weight, (grad_output, input)) in self.weight.iter().zip(columns) {
            for (grad_output, input) in grad_output.iter().zip(input) {
                sums.add(isa, &statistics.mean, &[weight; L], &load(grad_output, lane), &load(input, lane));
            }
        }
        let through = sums.of_sums(&statistics, size, is_centred);
        let columns = self.grad_output.chunks(length.max(1)).zip(self.input_then_grad.chunks_mut(length.max(1)));
        for (&weight, (grad_output, input_then_grad)) in self.weight.iter().zip(columns) {
            for (grad_output, value) in grad_output.iter().zip(input_then_grad) {
                let (grad, input) = (load(grad_output, lane), load(value, lane));
                store(value, lane, through.grad_input(isa, &statistics, &[weight; L], &grad, &input));
            }
        }
    }
}
