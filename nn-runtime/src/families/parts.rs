//! Parts of values along a dimension: what `concat` joins, and what `narrow` takes out.

use nalgebra::SMatrix;

use crate::scalar::Scalar;

/// Copies `part` into `whole`: each of `pieces` equal pieces, to the columns from `offset` on of each piece of the whole.
pub fn join<T: Scalar, const BATCH: usize, const PART: usize, const WHOLE: usize>(
    part: &SMatrix<T, BATCH, PART>,
    whole: &mut SMatrix<T, BATCH, WHOLE>,
    pieces: usize,
    offset: usize,
) {
    let (part, whole) =
        (part.data.0.chunks_exact(PART / pieces.max(1)), whole.data.0.chunks_exact_mut(WHOLE / pieces.max(1)));
    for (from, to) in part.zip(whole) {
        for (to, from) in to.iter_mut().skip(offset).zip(from) {
            *to = *from;
        }
    }
}

/// Copies `part` out of `whole`, where [`join`] puts it.
pub fn split<T: Scalar, const BATCH: usize, const PART: usize, const WHOLE: usize>(
    part: &mut SMatrix<T, BATCH, PART>,
    whole: &SMatrix<T, BATCH, WHOLE>,
    pieces: usize,
    offset: usize,
) {
    let (part, whole) =
        (part.data.0.chunks_exact_mut(PART / pieces.max(1)), whole.data.0.chunks_exact(WHOLE / pieces.max(1)));
    for (to, from) in part.zip(whole) {
        for (to, from) in to.iter_mut().zip(from.iter().skip(offset)) {
            *to = *from;
        }
    }
}
