//! The passes over groups whose statistics the type cannot hold. What is kept is the same.

use super::super::extreme::{self, Lanes, Scaled};
use super::Groups;
use crate::scalar::Scalar;

impl Groups {
    /// The statistics of a group, from the values of `lane` that a forward pass has kept.
    fn scaled<T: Scalar>(self, [batch, lane]: [usize; 2], kept: &[T], input: &[T]) -> Scaled {
        let at = |index: usize| kept.get(index * batch + lane).copied().unwrap_or(T::ZERO);
        let mean = if self.is_centred { at(1) } else { T::ZERO };
        Scaled::kept(mean, at(0), input, lane_of(batch, lane), self.is_centred)
    }
}

fn lane_of(batch: usize, first: usize) -> Lanes {
    Lanes { batch, first, count: 1 }
}

/// Overwrites the output of a lane of a group, and what it keeps.
#[cold]
#[inline(never)]
pub(super) fn normalise<T: Scalar>(
    groups: Groups,
    [batch, lane]: [usize; 2],
    eps: T,
    [weight, bias]: [&[T]; 2],
    input: &[T],
    output: &mut [T],
    kept: &mut [T],
) {
    let lanes = lane_of(batch, lane);
    let scaled = Scaled::measure(input, lanes, groups.is_centred, eps);
    for (kept, value) in kept.iter_mut().skip(lane).step_by(batch.max(1)).zip([scaled.rstd(), scaled.mean()]) {
        *kept = value;
    }
    extreme::normalise(scaled, lanes, groups.length, weight, bias, input, output);
}

/// Adds to the gradients of weight and bias what all groups give.
#[cold]
#[inline(never)]
pub(super) fn add_sums<T: Scalar>(
    groups: Groups,
    batch: usize,
    input: &[T],
    cache: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
    grad_bias: &mut [T],
) {
    let len = (groups.size * batch).max(1);
    let parts = input.chunks_exact(len).zip(grad_output.chunks_exact(len));
    for (group, ((input, grad_output), kept)) in parts.zip(cache.chunks_exact(groups.kept() * batch)).enumerate() {
        let weights = groups.weights_of(group);
        let grad_weight = grad_weight.get_mut(weights.clone()).unwrap_or_default();
        let grad_bias = grad_bias.get_mut(weights).unwrap_or_default();
        for lane in 0..batch {
            add_group(groups, [batch, lane], input, kept, grad_output, grad_weight, grad_bias);
        }
    }
}

/// Adds to the gradients of weight and bias what a lane of a group gives.
#[cold]
#[inline(never)]
pub(super) fn add_group<T: Scalar>(
    groups: Groups,
    [batch, lane]: [usize; 2],
    input: &[T],
    kept: &[T],
    grad_output: &[T],
    grad_weight: &mut [T],
    grad_bias: &mut [T],
) {
    let scaled = groups.scaled([batch, lane], kept, input);
    extreme::add_sums(scaled, lane_of(batch, lane), groups.length, input, grad_output, grad_weight, grad_bias);
}

/// Overwrites the input of a lane of a group with its gradient.
#[cold]
#[inline(never)]
pub(super) fn input_gradient<T: Scalar>(
    groups: Groups,
    [batch, lane]: [usize; 2],
    weight: &[T],
    kept: &[T],
    grad_output: &[T],
    input_then_grad: &mut [T],
) {
    let scaled = groups.scaled([batch, lane], kept, input_then_grad);
    let Groups { length, is_centred, .. } = groups;
    extreme::input_gradient(scaled, lane_of(batch, lane), length, is_centred, weight, grad_output, input_then_grad);
}
