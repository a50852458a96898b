//! The backward pass between the projections.

use super::Heads;
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
        let Self { heads: Heads { count, features, sizes }, qkv, weights, grad_context, scratch } = self;
        let pairs = sizes.pairs() * BATCH;
        let (grad_scores, grad_k) = scratch.split_at_mut_checked(pairs).unwrap_or_default();
        let lanes = sizes.features * BATCH;
        let distance = 3 * features * BATCH;
        for (head, weights) in weights.chunks_exact(pairs.max(1)).take(count).enumerate() {
            let [q, k, v] = [0, 1, 2].map(|part| (part * features + head * sizes.features) * BATCH);
            let own = grad_context.get_mut(q..).unwrap_or_default();
            let grad = Matrix { values: &*own, distance: features * BATCH };
            let values = matrix(qkv, v, distance);
            sizes.between_steps::<I, T, BATCH>(isa, grad, values, grad_scores);
            let grad_v = MatrixMut { values: qkv.get_mut(v..).unwrap_or_default(), distance };
            sizes.transposed_product::<I, T, BATCH>(isa, weights, grad, grad_v);
            weigh_backward::<I, T, BATCH>(isa, sizes, self.heads.scale(), weights, grad_scores);
            let output = MatrixMut { values: &mut *grad_k, distance: lanes };
            sizes.transposed_product::<I, T, BATCH>(isa, grad_scores, matrix(qkv, q, distance), output);
            let output = MatrixMut { values: &mut *own, distance: features * BATCH };
            sizes.product::<I, T, BATCH>(isa, grad_scores, matrix(qkv, k, distance), output);
            copy(own, features * BATCH, qkv, [q, distance], lanes);
            copy(grad_k, lanes, qkv, [k, distance], lanes);
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
