//! Loops for the portable level where nothing is optimised: there each iterator, and each operation on a number of generic type,
//! is a call. Operations on `f32` and `f64` are instructions, and so are those on an array's entries by constant indices.
//!
//! Used under `cfg!(debug_assertions)` alone. The bits are the same.

use bytemuck::{cast_slice, cast_slice_mut};

use crate::scalar::Scalar;

/// How many values the body of a loop is written for.
const WIDTH: usize = 4;

/// Whether `L` values are worked on by such loops.
pub(super) const fn fits<const L: usize>() -> bool {
    cfg!(debug_assertions) && L.is_multiple_of(WIDTH)
}

macro_rules! for_both_types {
    ($add:ident::<$T:ident>($($operand:ident),*)) => {
        if size_of::<$T>() == size_of::<f32>() { $add!(f32, $($operand),*) } else { $add!(f64, $($operand),*) }
    };
}

/// Adds `factors[row] · lanes` to each row of `sums`; `L` values [fit](fits).
pub(super) fn add_term<T: Scalar, const L: usize>(factors: &[T], lanes: &[T; L], sums: &mut [[T; L]]) {
    macro_rules! add {
        ($type:ident, $factors:ident, $lanes:ident, $sums:ident) => {{
            let (factors, lanes) = (cast_slice::<T, $type>($factors), cast_slice::<T, [$type; WIDTH]>($lanes));
            let sums = cast_slice_mut::<[T; L], [$type; WIDTH]>($sums);
            let (mut row, mut i) = (0, 0);
            while row < factors.len() {
                let (factor, mut k) = (factors[row], 0);
                while k < lanes.len() {
                    let (lane, sum) = (&lanes[k], &mut sums[i]);
                    sum[0] += factor * lane[0];
                    sum[1] += factor * lane[1];
                    sum[2] += factor * lane[2];
                    sum[3] += factor * lane[3];
                    k += 1;
                    i += 1;
                }
                row += 1;
            }
        }};
    }
    for_both_types!(add::<T>(factors, lanes, sums));
}

/// Adds `factors · lanes` to `sums`, which [fit](fits).
pub(super) fn add_products<T: Scalar>(factors: &[T], lanes: &[T], sums: &mut [T]) {
    macro_rules! add {
        ($type:ident, $factors:ident, $lanes:ident, $sums:ident) => {{
            let factors = cast_slice::<T, [$type; WIDTH]>($factors);
            let lanes = cast_slice::<T, [$type; WIDTH]>($lanes);
            let sums = cast_slice_mut::<T, [$type; WIDTH]>($sums);
            let mut i = 0;
            while i < sums.len() {
                let (factor, lane, sum) = (&factors[i], &lanes[i], &mut sums[i]);
                sum[0] += factor[0] * lane[0];
                sum[1] += factor[1] * lane[1];
                sum[2] += factor[2] * lane[2];
                sum[3] += factor[3] * lane[3];
                i += 1;
            }
        }};
    }
    for_both_types!(add::<T>(factors, lanes, sums));
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests {
    use super::*;
    use crate::kernels::{Isa, Portable};

    fn check<T: Scalar>() {
        let value = |i: usize| T::from_f64(1.0 / (i as f64 + 3.0));
        let (factors, lanes): ([T; 3], [T; 8]) = (core::array::from_fn(value), core::array::from_fn(|i| value(i + 5)));
        let start: [[T; 8]; 3] = core::array::from_fn(|row| core::array::from_fn(|i| value(8 * row + i + 20)));
        let mut sums = start;
        add_term(&factors, &lanes, &mut sums);
        let expected: [[T; 8]; 3] =
            core::array::from_fn(|row| core::array::from_fn(|i| factors[row] * lanes[i] + start[row][i]));
        assert_eq!(sums, expected);
        let mut sums = start[0];
        add_products(&start[1], &lanes, &mut sums);
        assert_eq!(sums, core::array::from_fn(|i| start[1][i] * lanes[i] + start[0][i]));
        // lanes that do not fit
        let mut sums = [value(1); 3];
        Portable.add_products(&[value(2); 3], &[value(3); 3], &mut sums);
        assert_eq!(sums, [value(2) * value(3) + value(1); 3]);
    }

    #[test]
    fn sums_are_those_of_each_lane() {
        check::<f32>();
        check::<f64>();
    }
}
