//! The forward pass between the projections.

use super::sizes::{Heads, Rows};
use crate::families::lengths::{Lengths, fill_padding};
use crate::families::softmax;
use crate::kernels::per_sample::{Matrix, MatrixMut, Sizes};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

pub(super) struct Attention<'a, T, L, const BATCH: usize> {
    pub(super) heads: Heads,
    pub(super) lengths: L,
    pub(super) qkv: &'a [T],
    pub(super) context: &'a mut [T],
    /// Those of all heads, or of one after the other.
    pub(super) weights: &'a mut [T],
}

impl<T: Scalar, L: Lengths<BATCH>, const BATCH: usize> Kernel for Attention<'_, T, L, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { heads: Heads { count, features, sizes, .. }, lengths, qkv, context, weights } = self;
        let pairs = sizes.pairs() * BATCH;
        let matrix = |rows: Rows| Matrix { values: qkv.get(rows.start..).unwrap_or_default(), distance: rows.distance };
        for head in 0..count {
            let [q, k, v] = self.heads.places::<BATCH>(head).map(matrix);
            let start = (head * pairs).min(weights.len().saturating_sub(pairs));
            let weights = weights.get_mut(start..start + pairs).unwrap_or_default();
            sizes.between_steps::<I, T, BATCH>(isa, q, k, weights);
            fill_padding(lengths, sizes.keys, -T::from_f64(f64::INFINITY), weights);
            weigh::<I, T, BATCH>(isa, sizes, self.heads.scale(), weights);
            // of a sample of length 0, nothing is a number
            fill_padding(lengths, sizes.keys, T::ZERO, weights);
            let values = context.get_mut(head * sizes.features * BATCH..).unwrap_or_default();
            sizes.product::<I, T, BATCH>(isa, weights, v, MatrixMut { values, distance: features * BATCH });
        }
    }
}

/// How many rows of a single sample's weights are worked off together. Each step of a softmax waits for the one before; with
/// one row at a time, attention of 16 steps took 1.2 times as long.
const ROWS: usize = 16;

/// Makes weights of the products of queries and keys, of which the scores are `scale` times as large.
#[inline(always)]
fn weigh<I: Isa, T: Scalar, const BATCH: usize>(isa: I, sizes: Sizes, scale: T, weights: &mut [T]) {
    let rows = if BATCH == 1 { ROWS } else { 1 };
    let keys = sizes.keys.max(1);
    for (block, weights) in weights.as_chunks_mut::<BATCH>().0.chunks_mut(rows * keys).enumerate() {
        let first = block * rows;
        for (row, weights) in weights.chunks_exact_mut(keys).enumerate() {
            softmax::subtract_maximum(isa, scale, weights.get_mut(..sizes.columns(first + row)).unwrap_or_default());
        }
        let end = weights.len() + sizes.columns(first + weights.len() / keys - 1) - keys;
        softmax::exponentials(isa, weights.get_mut(..end).unwrap_or_default());
        for (row, weights) in weights.chunks_exact_mut(keys).enumerate() {
            let (weights, after) = weights.split_at_mut_checked(sizes.columns(first + row)).unwrap_or_default();
            softmax::divide_by_sum(isa, weights);
            if const { BATCH == 1 } {
                after.fill([T::ZERO; BATCH]);
            }
        }
    }
}
