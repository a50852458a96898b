//! The sizes of a layer, and where its parts stand.

use crate::init::Fans;
use crate::kernels::per_sample;
use crate::scalar::Scalar;

/// The sizes of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The heads of the queries.
    pub heads: usize,
    /// The heads of keys and values. They divide the others.
    pub kv_heads: usize,
    /// The steps of the queries, and those of the keys.
    pub steps: [usize; 2],
    /// The features of the input, of the key, and of the value.
    pub features: [usize; 3],
    /// Whether a query knows nothing of the keys at later steps.
    pub is_causal: bool,
    /// Which of the inputs, counted from 0, is the value: the input itself, which is the key too, the key, or the value.
    pub value: usize,
}

impl Sizes {
    /// The features of a head.
    #[inline(always)]
    const fn head(self) -> usize {
        self.features[0] / if self.heads == 0 { 1 } else { self.heads }
    }

    /// The features of queries, keys and values.
    #[inline(always)]
    const fn made(self) -> [usize; 3] {
        let keys = self.kv_heads * self.head();
        [self.features[0], keys, keys]
    }

    /// The columns of q, k and v.
    #[inline(always)]
    pub(super) const fn qkv(self) -> usize {
        let [q, k, v] = self.made();
        self.steps[0] * q + self.steps[1] * (k + v)
    }

    /// The projections that make q, k and v, with one weight for all of them, or three: all at once where they have the same
    /// input, else one after the other.
    #[inline(always)]
    pub(super) fn projections(self, weights: usize) -> impl Iterator<Item = Projection> {
        let [q, k, v] = self.made();
        let parts = if self.value == 0 { [q + k + v, 0, 0] } else { [q, k, v] };
        let [steps, key_steps] = self.steps;
        let firsts = [0, parts[0], parts[0] + parts[1]];
        let starts = [0, parts[0] * steps, parts[0] * steps + parts[1] * key_steps];
        (0..3).filter(move |part| parts[*part] > 0).map(move |part| Projection {
            source: part.min(self.value),
            features: self.features[part],
            weight: if weights > 1 { part } else { 0 },
            skipped: if weights > 1 { 0 } else { firsts[part] },
            distance: if weights > 1 { parts[part] } else { q + k + v },
            first: firsts[part],
            rows: parts[part],
            start: starts[part],
            columns: parts[part] * if part == 0 { steps } else { key_steps },
        })
    }

    /// Those of the weights of the projections: one for all of them, or three.
    pub(super) fn fans(self, weights: usize) -> impl Iterator<Item = Fans> {
        let made = self.made();
        let rows = if weights > 1 { made } else { [made.iter().sum(), 0, 0] };
        self.features
            .into_iter()
            .zip(rows)
            .map(|(features, rows)| Fans { fan_in: features as f64, fan_out: rows as f64 })
    }
}

/// What makes some of q, k and v of an input.
#[derive(Clone, Copy)]
pub(super) struct Projection {
    /// The input: 0 is the input itself, 1 the key, 2 the value.
    pub(super) source: usize,
    /// Its features.
    pub(super) features: usize,
    /// The weight of its projection, the number of rows before its own, and the stride between columns.
    weight: usize,
    skipped: usize,
    pub(super) distance: usize,
    /// Its first entry of the bias, and how many rows and entries it has.
    first: usize,
    pub(super) rows: usize,
    /// Its first column among those of q, k and v, and how many it has.
    start: usize,
    columns: usize,
}

impl Projection {
    #[inline(always)]
    pub(super) fn input<'a, T>(self, input: &'a [T], [key, value]: [Option<&'a [T]>; 2]) -> &'a [T] {
        [Some(input), key, value].get(self.source).copied().flatten().unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn weight<'a, T>(self, weights: &[&'a [T]]) -> &'a [T] {
        weights.get(self.weight).and_then(|weight| weight.get(self.skipped..)).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn weight_mut<'a, T>(self, weights: &'a mut [&mut [T]]) -> &'a mut [T] {
        weights.get_mut(self.weight).and_then(|weight| weight.get_mut(self.skipped..)).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn bias<T>(self, bias: &[T]) -> &[T] {
        bias.get(self.first..self.first + self.rows).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn bias_mut<T>(self, bias: &mut [T]) -> &mut [T] {
        bias.get_mut(self.first..self.first + self.rows).unwrap_or_default()
    }

    /// What it makes, in the lanes of q, k and v.
    #[inline(always)]
    pub(super) fn lanes<T: Scalar, const BATCH: usize>(self, qkv: &[T]) -> &[T] {
        qkv.get(self.start * BATCH..(self.start + self.columns) * BATCH).unwrap_or_default()
    }

    /// The same, to be written.
    #[inline(always)]
    pub(super) fn lanes_mut<T: Scalar, const BATCH: usize>(self, qkv: &mut [T]) -> &mut [T] {
        qkv.get_mut(self.start * BATCH..(self.start + self.columns) * BATCH).unwrap_or_default()
    }
}

/// The heads of a layer.
#[derive(Clone, Copy)]
pub(super) struct Heads {
    pub(super) count: usize,
    /// How many of them share keys and values.
    pub(super) group: usize,
    /// The features of all heads.
    pub(super) features: usize,
    /// Where q, k and v stand.
    pub(super) rows: [Rows; 3],
    /// The sizes of each head.
    pub(super) sizes: per_sample::Sizes,
}

/// The columns that q, k or v fill.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// The first of them.
    pub(super) start: usize,
    /// The stride between steps.
    pub(super) distance: usize,
}

impl Heads {
    pub(super) fn new(sizes: Sizes) -> Self {
        let ([q, k, v], [queries, keys]) = (sizes.made(), sizes.steps);
        let (starts, distances) = if sizes.value == 0 {
            ([0, q, q + k], [q + k + v; 3])
        } else {
            ([0, q * queries, q * queries + k * keys], [q, k, v])
        };
        Self {
            count: sizes.heads,
            group: (sizes.heads / sizes.kv_heads.max(1)).max(1),
            features: q,
            rows: [0, 1, 2].map(|part| Rows { start: starts[part], distance: distances[part] }),
            sizes: per_sample::Sizes { queries, keys, features: sizes.head(), is_causal: sizes.is_causal },
        }
    }

    /// Where q, k and v of a head begin, and the stride between their steps, in lanes.
    #[inline(always)]
    pub(super) fn places<const BATCH: usize>(self, head: usize) -> [Rows; 3] {
        let [q, k, v] = self.rows;
        let place = |rows: Rows, head: usize| Rows {
            start: (rows.start + head * self.sizes.features) * BATCH,
            distance: rows.distance * BATCH,
        };
        let shared = head / self.group;
        [place(q, head), place(k, shared), place(v, shared)]
    }

    /// 1 / √D
    #[inline(always)]
    pub(super) fn scale<T: Scalar>(self) -> T {
        T::from_f64(1.0 / Scalar::sqrt(self.sizes.features as f64))
    }
}
