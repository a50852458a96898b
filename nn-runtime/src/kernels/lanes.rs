//! The lanes of a batch, as many at once as are worked off in registers.

use super::{Isa, widest};
use crate::scalar::Scalar;

/// Work on lanes of which each is by itself.
pub(crate) trait Lanes {
    /// Works off `L` lanes, beginning with `lane`.
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize);
}

/// How many columns of a single sample [`each_column`] works off at once.
pub(crate) const COLUMNS: usize = 8;

/// Works off as many columns of a single sample, which take the place of lanes: [`COLUMNS`] at once, what is left one by
/// one.
#[inline(always)]
pub(crate) fn each_column<I: Isa>(isa: I, columns: usize, work: &mut impl Lanes) {
    let column = chunks::<I, COLUMNS>(isa, 0, columns, work);
    chunks::<I, 1>(isa, column, columns, work);
}

/// Works off `BATCH` lanes. Two registers of them hide the latency of a sum; what is left takes one register, half of one,
/// or goes by itself.
#[inline(always)]
pub(crate) fn each_lane<I: Isa, T: Scalar, const BATCH: usize>(isa: I, work: &mut impl Lanes) {
    let mut lane = 0;
    if const { widest::<I, T>() >= 16 && BATCH >= 16 } {
        lane = chunks::<I, 16>(isa, lane, BATCH, work);
    }
    if const { widest::<I, T>() >= 8 && BATCH >= 8 } {
        lane = chunks::<I, 8>(isa, lane, BATCH, work);
    }
    if const { BATCH >= 4 } {
        lane = chunks::<I, 4>(isa, lane, BATCH, work);
    }
    chunks::<I, 1>(isa, lane, BATCH, work);
}

/// Works off as many chunks of `L` lanes as there are from `lane` to `lanes`, and returns what comes after them.
#[inline(always)]
fn chunks<I: Isa, const L: usize>(isa: I, mut lane: usize, lanes: usize, work: &mut impl Lanes) -> usize {
    while lanes >= L && lane <= lanes - L {
        work.run::<I, L>(isa, lane);
        lane += L;
    }
    lane
}

/// `L` values, beginning with `start`; zeros if there are not as many.
#[inline(always)]
pub(crate) fn load<T: Scalar, const L: usize>(values: &[T], start: usize) -> [T; L] {
    super::factors::array(values, start).copied().unwrap_or([T::ZERO; L])
}

/// Overwrites as many of `values`, beginning with `start`, if there are so many.
#[inline(always)]
pub(crate) fn store<T: Scalar, const L: usize>(values: &mut [T], start: usize, lanes: [T; L]) {
    if let Some(place) = values.get_mut(start..).and_then(|values| values.first_chunk_mut()) {
        *place = lanes;
    }
}
