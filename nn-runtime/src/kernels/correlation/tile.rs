//! A tile: the sums of some rows at some places, in registers.

use super::Correlation;
use super::listed::{Term, Terms};
use crate::kernels::factors::array;
use crate::kernels::places::Place;
use crate::kernels::{Isa, widest};
use crate::scalar::Scalar;

impl<T: Scalar> Correlation<'_, T> {
    /// Adds terms to the lanes of `R` rows, or of those that are left, at `P` places.
    #[inline(always)]
    pub(super) fn tile<I: Isa, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        terms: Terms<T>,
        places: [Place; P],
        output: &mut [T],
        output_distance: usize,
    ) {
        let mut sums = [[[T::ZERO; L]; P]; R];
        if terms.are_first {
            for (sums, start) in sums.iter_mut().zip(terms.start) {
                *sums = [[*start; L]; P];
            }
        } else {
            for (r, sums) in sums.iter_mut().enumerate() {
                for (sums, place) in sums.iter_mut().zip(places) {
                    *sums = array(output, place.output + r * output_distance).copied().unwrap_or(*sums);
                }
            }
        }
        let sums = terms.add(isa, self.source, places, sums);
        let least = if terms.are_last && self.is_rectified { T::ZERO } else { T::from_f64(f64::NEG_INFINITY) };
        let rows = self.rows - row;
        if places.iter().any(|place| place.done > 0) && !terms.are_first {
            // A copy: were the sums themselves borrowed, they would be summed in memory.
            let copy = sums;
            write_rest(output, output_distance, places, copy.get(..rows).unwrap_or(&copy), least);
            return;
        }
        for (r, sums) in sums.iter().enumerate() {
            for (sums, place) in sums.iter().zip(places) {
                let values = output.get_mut(place.output + r * output_distance..);
                if let Some(values) = values.and_then(|values| values.first_chunk_mut())
                    && r < rows
                {
                    *values = sums.map(|sum| at_least(least, sum));
                }
            }
        }
    }
}

/// Writes all sums but those that the terms have been added to before. Not inlined: it is rare, and would tear the registers
/// of `sums` apart.
#[inline(never)]
fn write_rest<T: Scalar, const L: usize, const P: usize>(
    output: &mut [T],
    distance: usize,
    places: [Place; P],
    sums: &[[[T; L]; P]],
    least: T,
) {
    for (r, sums) in sums.iter().enumerate() {
        for (sums, place) in sums.iter().zip(places) {
            let values = output.get_mut(place.output + r * distance..).unwrap_or_default();
            for (value, sum) in values.iter_mut().zip(sums).skip(place.done) {
                *value = at_least(least, *sum);
            }
        }
    }
}

/// `value`, or `least` if it is below; NaN stays NaN.
#[inline(always)]
fn at_least<T: Scalar>(least: T, value: T) -> T {
    if value < least { least } else { value }
}

impl<T: Scalar> Terms<'_, T> {
    #[inline(always)]
    fn add<I: Isa, const L: usize, const R: usize, const P: usize>(
        self,
        isa: I,
        source: &[T],
        places: [Place; P],
        mut sums: [[[T; L]; P]; R],
    ) -> [[[T; L]; P]; R] {
        let last = places.iter().map(|place| place.source).fold(0, usize::max);
        let Some(extent) = source.len().checked_sub(last) else { return sums };
        let mut vectors: [&[T]; P] = [&[]; P];
        for (vector, place) in vectors.iter_mut().zip(places) {
            // of one length, so that one comparison serves all
            let Some(values) = source.get(place.source..).and_then(|values| values.get(..extent)) else { return sums };
            *vector = values;
        }
        for Term { factors, lane } in self.list {
            let lane = lane.wrapping_sub(self.before) as usize;
            let mut lanes = [[T::ZERO; L]; P];
            for (lanes, vector) in lanes.iter_mut().zip(vectors) {
                let Some(values) = vector.get(lane..lane + L).and_then(|values| values.first_chunk()) else {
                    return sums;
                };
                *lanes = *values;
            }
            for (sums, factor) in sums.iter_mut().zip(factors) {
                add_scaled(isa, *factor, &lanes, sums);
            }
        }
        sums
    }
}

/// Adds `factor` times the lanes. Halves of wide registers are joined.
#[inline(always)]
fn add_scaled<I: Isa, T: Scalar, const L: usize, const P: usize>(
    isa: I,
    factor: T,
    lanes: &[[T; L]; P],
    sums: &mut [[T; L]; P],
) {
    if const { widest::<I, T>() == 32 && L == 8 && P.is_multiple_of(2) } {
        let (lanes, sums) = (lanes.as_flattened().as_chunks::<16>().0, sums.as_flattened_mut().as_chunks_mut::<16>().0);
        for (sums, lanes) in sums.iter_mut().zip(lanes) {
            isa.add_scaled(factor, lanes, sums);
        }
    } else {
        for (sums, lanes) in sums.iter_mut().zip(lanes) {
            isa.add_scaled(factor, lanes, sums);
        }
    }
}
