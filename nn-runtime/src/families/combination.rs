//! Values that are combined element by element, and broadcast to the shape of others: what `add`, `sub` and `mul` are made of.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Adds `from` to `to`.
pub fn add<T: Scalar, I: Isa, const BATCH: usize, const N: usize>(
    isa: I,
    from: &SMatrix<T, BATCH, N>,
    to: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Each(|to, from| to + from, from.as_slice(), to.as_mut_slice()));
}

/// Subtracts `from` from `to`.
pub fn subtract<T: Scalar, I: Isa, const BATCH: usize, const N: usize>(
    isa: I,
    from: &SMatrix<T, BATCH, N>,
    to: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Each(|to, from| to - from, from.as_slice(), to.as_mut_slice()));
}

/// Multiplies `to` by `from`.
pub fn multiply<T: Scalar, I: Isa, const BATCH: usize, const N: usize>(
    isa: I,
    from: &SMatrix<T, BATCH, N>,
    to: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Each(|to, from| to * from, from.as_slice(), to.as_mut_slice()));
}

/// Overwrites `to` with `-from`.
pub fn negate<T: Scalar, I: Isa, const BATCH: usize, const N: usize>(
    isa: I,
    from: &SMatrix<T, BATCH, N>,
    to: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Each(|_, from: T| -from, from.as_slice(), to.as_mut_slice()));
}

/// Applies a function to each pair of values; the result overwrites the last slice.
struct Each<'a, T, F>(F, &'a [T], &'a mut [T]);

impl<T: Scalar, F: Fn(T, T) -> T> Kernel for Each<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self(combined, from, to) = self;
        for (to, from) in to.iter_mut().zip(from) {
            *to = combined(*to, *from);
        }
    }
}

/// Repeats `part` until it fills `whole`. `pairs` say how often a part is repeated, and how many parts it has, from the outermost
/// dimension on: `[channels, 1, 1]` fills `[channels, height, width]` by `[[1, channels], [height * width, 1]]`.
pub fn expand<T: Scalar, I: Isa, const BATCH: usize, const PART: usize, const WHOLE: usize>(
    _isa: I,
    part: &SMatrix<T, BATCH, PART>,
    whole: &mut SMatrix<T, BATCH, WHOLE>,
    pairs: &[[usize; 2]],
) {
    fn run<T: Scalar>(part: &[T], whole: &mut [T], pairs: &[[usize; 2]]) {
        let Some(([repeats, parts], inner)) = pairs.split_first() else { return };
        for whole in whole.chunks_exact_mut((whole.len() / (*repeats).max(1)).max(1)) {
            if inner.is_empty() {
                whole.copy_from_slice(part);
                continue;
            }
            let [own, all] = [part.len(), whole.len()].map(|len| (len / (*parts).max(1)).max(1));
            for (part, whole) in part.chunks_exact(own).zip(whole.chunks_exact_mut(all)) {
                run(part, whole, inner);
            }
        }
    }
    run(part.as_slice(), whole.as_mut_slice(), pairs);
}

/// Overwrites `part` with the sums of the values of `whole` that [`expand`] fills with one.
pub fn reduce<T: Scalar, I: Isa, const BATCH: usize, const PART: usize, const WHOLE: usize>(
    isa: I,
    part: &mut SMatrix<T, BATCH, PART>,
    whole: &SMatrix<T, BATCH, WHOLE>,
    pairs: &[[usize; 2]],
) {
    struct Reduce<'a, T>(&'a mut [T], &'a [T], &'a [[usize; 2]]);

    impl<T: Scalar> Kernel for Reduce<'_, T> {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, _isa: I) {
            sum(self.0, self.1, self.2);
        }
    }

    fn sum<T: Scalar>(part: &mut [T], whole: &[T], pairs: &[[usize; 2]]) {
        let Some(([repeats, parts], inner)) = pairs.split_first() else { return };
        for whole in whole.chunks_exact((whole.len() / (*repeats).max(1)).max(1)) {
            if inner.is_empty() {
                for (sum, value) in part.iter_mut().zip(whole) {
                    *sum += *value;
                }
                continue;
            }
            let [own, all] = [part.len(), whole.len()].map(|len| (len / (*parts).max(1)).max(1));
            for (part, whole) in part.chunks_exact_mut(own).zip(whole.chunks_exact(all)) {
                sum(part, whole, inner);
            }
        }
    }

    part.as_mut_slice().fill(T::ZERO);
    isa.call(Reduce(part.as_mut_slice(), whole.as_slice(), pairs));
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests {
    use nalgebra::SMatrix;

    use super::{expand, reduce};
    use crate::kernels::Portable;

    /// `[2, 1, 3]` to `[2, 4, 3]`, and back.
    #[test]
    fn what_is_repeated_is_summed() {
        let part = SMatrix::<f64, 2, 6>::from_fn(|row, column| (10 * row + column) as f64);
        let mut whole = SMatrix::<f64, 2, 24>::zeros();
        let pairs = [[1, 2], [4, 3]];
        expand(Portable, &part, &mut whole, &pairs);
        for (row, column) in (0..2).flat_map(|row| (0..24).map(move |column| (row, column))) {
            assert_eq!(whole[(row, column)], part[(row, column / 12 * 3 + column % 3)]);
        }
        let mut sums = part;
        reduce(Portable, &mut sums, &whole, &pairs);
        assert_eq!(sums, part * 4.0);
    }
}
