//! Rotary embeddings: queries and keys turned by the angles of their steps.

use super::sizes::Heads;
use crate::families::positions::{Positions, Tables, add_angles};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// How queries and keys tell the steps at which they stand.
pub trait Rotation<T: 'static>: Copy {
    /// The angles of a head's pairs of features, at each step; `None` if they are not turned.
    const TURNS: Option<Angles<T>>;
}

/// Queries and keys that do not tell it.
#[derive(Clone, Copy, Debug)]
pub struct Unrotated;

/// Those of which each pair of neighbouring features is turned.
#[derive(Clone, Copy, Debug)]
pub struct Interleaved<P>(pub P);

/// Those of which each feature of the first half of a head is turned with one of the second.
#[derive(Clone, Copy, Debug)]
pub struct Halves<P>(pub P);

impl<T: Scalar> Rotation<T> for Unrotated {
    const TURNS: Option<Angles<T>> = None;
}

macro_rules! impl_rotation {
    ($($rotation:ident $is_interleaved:literal),*) => {$(
        impl<
            T: Tables<FEATURES, PAIRS, FINE, COARSE, LN_BASE>,
            const FEATURES: usize,
            const PAIRS: usize,
            const FINE: usize,
            const COARSE: usize,
            const LN_BASE: u64,
        > Rotation<T> for $rotation<Positions<FEATURES, PAIRS, FINE, COARSE, LN_BASE>>
        {
            const TURNS: Option<Angles<T>> = Some(Angles {
                fine: T::FINE_TURNS.as_flattened(),
                coarse: T::COARSE_TURNS.as_flattened(),
                pairs: PAIRS,
                is_interleaved: $is_interleaved,
            });
        }
    )*};
}

impl_rotation!(Interleaved true, Halves false);

/// Sines and cosines of the angles of a head's pairs of features.
#[derive(Clone, Copy, Debug)]
pub struct Angles<T: 'static> {
    /// Those of the first steps, and those of every step after as many.
    fine: &'static [[T; 2]],
    coarse: &'static [[T; 2]],
    pairs: usize,
    /// Whether the features of a pair are neighbours.
    is_interleaved: bool,
}

/// Turns q and k, or their gradients back.
pub(super) struct Rotate<'a, T: 'static, const BATCH: usize> {
    pub(super) heads: Heads,
    pub(super) turns: Angles<T>,
    pub(super) is_back: bool,
    pub(super) qkv: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Rotate<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { heads, turns: Angles { fine, coarse, pairs, is_interleaved }, is_back, qkv } = self;
        let [q, k, _] = heads.places::<BATCH>(0);
        let size = heads.sizes.features;
        let of_queries = (q, heads.count, heads.sizes.queries);
        let of_keys = (k, heads.count / heads.group, heads.sizes.keys);
        let fine_steps = (fine.len() / pairs.max(1)).max(1);
        for (rows, count, steps) in [of_queries, of_keys] {
            let values = qkv.get_mut(rows.start..).unwrap_or_default();
            for (step, row) in values.chunks_mut(rows.distance.max(1)).take(steps).enumerate() {
                let coarse = coarse.get(step / fine_steps * pairs..).unwrap_or_default();
                let fine = fine.get(step % fine_steps * pairs..).unwrap_or_default();
                for (pair, (coarse, fine)) in coarse.iter().zip(fine).take(pairs).enumerate() {
                    let [sin, cos] = add_angles(isa, *coarse, *fine);
                    let sin = if is_back { -sin } else { sin };
                    let [first, second] = if is_interleaved { [2 * pair, 2 * pair + 1] } else { [pair, pair + pairs] };
                    for head in row.as_chunks_mut::<BATCH>().0.chunks_exact_mut(size.max(1)).take(count) {
                        if let Ok([a, b]) = head.get_disjoint_mut([first, second]) {
                            turn(isa, [sin, cos], a, b);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn turn<I: Isa, T: Scalar, const BATCH: usize>(isa: I, [sin, cos]: [T; 2], a: &mut [T; BATCH], b: &mut [T; BATCH]) {
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (isa.mul_add(*a, cos, -(*b * sin)), isa.mul_add(*b, cos, *a * sin));
    }
}
