//! Sums over the samples of a lane.

use crate::scalar::Scalar;

/// The sum of the first `rows` values of a lane, in an order that does not depend on `BATCH`.
#[inline(always)]
pub(crate) fn sum_samples<T: Scalar, const BATCH: usize>(lane: &[T; BATCH], rows: usize) -> T {
    let lane = lane.get(..rows).unwrap_or(lane);
    let (mut sums, lane) = lane.split_first_chunk::<8>().map_or(([T::ZERO; 8], lane), |(first, rest)| (*first, rest));
    let (chunks, rest) = lane.as_chunks::<8>();
    for chunk in chunks {
        for (sum, &value) in sums.iter_mut().zip(chunk) {
            *sum += value;
        }
    }
    for (sum, &value) in sums.iter_mut().zip(rest) {
        *sum += value;
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}
