//! A single dot product.

use super::padded;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// The sums of every fourth value.
#[inline(always)]
fn fold<I: Isa, T: Scalar>(isa: I, values: &[T]) -> [T; 4] {
    let [first, parts @ ..] = values.as_chunks::<4>().0 else { return [T::ZERO; 4] };
    let mut folded = *first;
    for part in parts {
        isa.add_scaled(T::ONE, part, &mut folded);
    }
    folded
}

/// How many sums of `L` values hide an addition's latency in a single dot product.
const SUMS: usize = 4;

/// `start + Σ_i a[i] · b[i]`
#[inline(always)]
pub(super) fn dot<I: Isa, T: Scalar>(isa: I, a: &[T], b: &[T], start: T) -> T {
    if const { I::FMA && T::LANES == 16 } {
        dot_by::<I, T, 8>(isa, a, b, start)
    } else {
        dot_by::<I, T, 4>(isa, a, b, start)
    }
}

#[inline(always)]
fn dot_by<I: Isa, T: Scalar, const L: usize>(isa: I, a: &[T], b: &[T], start: T) -> T {
    let mut sums = [[T::ZERO; L]; SUMS];
    sums[0][0] = start;
    let (a, a_rest) = a.as_chunks::<L>();
    let (b, b_rest) = b.as_chunks::<L>();
    let chunks = a.len();
    let (a_groups, a) = a.as_chunks::<SUMS>();
    let (b_groups, b) = b.as_chunks::<SUMS>();
    // no iterators over both: see `Affine::add`
    for (i, a) in a_groups.iter().enumerate() {
        let Some(b) = b_groups.get(i) else { break };
        for (i, sums) in sums.iter_mut().enumerate() {
            isa.add_products(&a[i], &b[i], sums);
        }
    }
    for (i, sums) in sums.iter_mut().enumerate() {
        if let (Some(a), Some(b)) = (a.get(i), b.get(i)) {
            isa.add_products(a, b, sums);
        }
    }
    if !b_rest.is_empty() {
        isa.add_products(&padded(a_rest), &padded(b_rest), &mut sums[0]);
    }
    let mut total = sums[0];
    for (i, sums) in sums.iter().enumerate().skip(1) {
        if i < chunks {
            isa.add_scaled(T::ONE, sums, &mut total);
        }
    }
    let [a, b, c, d] = fold(isa, &total);
    (a + c) + (b + d)
}
