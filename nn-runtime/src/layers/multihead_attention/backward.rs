//! The backward pass between the projections.

use super::sizes::Heads;
use crate::families::softmax;
use crate::kernels::per_sample::{Matrix, MatrixMut, Sizes};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

pub(super) struct Backward<'a, T, const BATCH: usize> {
    pub(super) heads: Heads,
    /// Their gradients on exit.
    pub(super) qkv: &'a mut [T],
    pub(super) weights: &'a [T],
    /// The gradients of the queries on exit.
    pub(super) grad_context: &'a mut [T],
    pub(super) scratch: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Backward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { heads, qkv, weights, grad_context, scratch } = self;
        let Heads { count, group, features, sizes, .. } = heads;
        let (pairs, lanes) = (sizes.pairs() * BATCH, sizes.features * BATCH);
        // what a head adds to the gradients of keys and values, where several heads share them
        let (grad_scores, sums) = scratch.split_at_mut_checked(pairs).unwrap_or_default();
        let (grad_k, sums) = sums.split_at_mut_checked(sizes.keys * lanes).unwrap_or_default();
        let (grad_v, part) = sums.split_at_mut_checked(sizes.keys * lanes).unwrap_or_default();
        for (head, weights) in weights.chunks_exact(pairs.max(1)).take(count).enumerate() {
            let [q, k, v] = heads.places::<BATCH>(head);
            let is_first = head.is_multiple_of(group);
            let own = grad_context.get_mut(head * lanes..).unwrap_or_default();
            let grad = matrix(own, 0, features * BATCH);
            sizes.between_steps::<I, T, BATCH>(isa, grad, matrix(qkv, v.start, v.distance), grad_scores);
            let (values, distance) = match (group, is_first) {
                (1, _) => (qkv.get_mut(v.start..).unwrap_or_default(), v.distance),
                (_, true) => (&mut *grad_v, lanes),
                (_, false) => (&mut *part, lanes),
            };
            sizes.transposed_product::<I, T, BATCH>(isa, weights, grad, MatrixMut { values, distance });
            if !is_first {
                add(part, grad_v);
            }
            weigh_backward::<I, T, BATCH>(isa, sizes, heads.scale(), weights, grad_scores);
            let output = MatrixMut { values: if is_first { &mut *grad_k } else { &mut *part }, distance: lanes };
            sizes.transposed_product::<I, T, BATCH>(isa, grad_scores, matrix(qkv, q.start, q.distance), output);
            if !is_first {
                add(part, grad_k);
            }
            let output = MatrixMut { values: &mut *own, distance: features * BATCH };
            sizes.product::<I, T, BATCH>(isa, grad_scores, matrix(qkv, k.start, k.distance), output);
            copy(own, features * BATCH, qkv, [q.start, q.distance], lanes);
            if (head + 1).is_multiple_of(group) {
                // nobody needs the keys and values any more
                copy(grad_k, lanes, qkv, [k.start, k.distance], lanes);
                if group > 1 {
                    copy(grad_v, lanes, qkv, [v.start, v.distance], lanes);
                }
            }
        }
    }
}

#[inline(always)]
fn matrix<T>(values: &[T], start: usize, distance: usize) -> Matrix<'_, T> {
    Matrix { values: values.get(start..).unwrap_or_default(), distance }
}

/// Makes gradients of the products of queries and keys of those of the weights.
#[inline(always)]
fn weigh_backward<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    sizes: Sizes,
    scale: T,
    weights: &[T],
    grads: &mut [T],
) {
    let lanes = (sizes.keys * BATCH).max(1);
    for (query, (weights, grads)) in weights.chunks_exact(lanes).zip(grads.chunks_exact_mut(lanes)).enumerate() {
        let columns = sizes.columns(query);
        let weights = weights.as_chunks().0.get(..columns).unwrap_or_default();
        let grads = grads.as_chunks_mut().0.get_mut(..columns).unwrap_or_default();
        softmax::backward::<I, T, BATCH>(isa, scale, weights, grads);
    }
}

/// Copies rows of so many lanes, which are `distance` apart, to rows that begin at `start` and are as far apart as it says.
#[inline(always)]
fn copy<T: Scalar>(from: &[T], distance: usize, to: &mut [T], [start, to_distance]: [usize; 2], lanes: usize) {
    let to = to.get_mut(start..).unwrap_or_default().chunks_mut(to_distance.max(1));
    for (from, to) in from.chunks(distance.max(1)).zip(to) {
        for (to, from) in to.iter_mut().zip(from).take(lanes) {
            *to = *from;
        }
    }
}

#[inline(always)]
fn add<T: Scalar>(from: &[T], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}
