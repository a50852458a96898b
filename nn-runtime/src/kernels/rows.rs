//! Copies of rows of values, which are as far apart as they may be.

use super::factors::array;

/// Rows of a slice, and how far they are apart.
pub(crate) type Rows<S> = (S, usize);

/// Copies `count` rows of `len` values; what lies outside of a slice ends the copy. Whole vectors, the last of which begins earlier
/// where fewer values are left: a call of `memcpy` takes as long as many of them.
#[inline(always)]
pub(crate) fn copy_rows<T: Copy>(count: usize, len: usize, from: Rows<&[T]>, to: Rows<&mut [T]>) {
    if len >= 8 {
        copy_by::<T, 8>(count, len, from, to);
    } else if len >= 4 {
        copy_by::<T, 4>(count, len, from, to);
    } else {
        copy_by::<T, 1>(count, len, from, to);
    }
}

#[inline(always)]
fn copy_by<T: Copy, const L: usize>(
    count: usize,
    len: usize,
    (from, from_distance): Rows<&[T]>,
    (to, to_distance): Rows<&mut [T]>,
) {
    let Some(last) = len.checked_sub(L) else { return };
    for row in 0..count {
        let mut at = 0;
        loop {
            let place = to.get_mut(row * to_distance + at..).and_then(|values| values.first_chunk_mut());
            let (Some(values), Some(place)) = (array::<T, L>(from, row * from_distance + at), place) else { return };
            *place = *values;
            if at == last {
                break;
            }
            at = (at + L).min(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_copied_and_nothing_else() {
        let from: [usize; 100] = core::array::from_fn(|i| i + 1);
        for len in 0..20 {
            let mut to = [0; 75];
            copy_rows(3, len, (&from, 30), (&mut to, 25));
            for (i, value) in to.iter().enumerate() {
                let expected = if i % 25 < len { i / 25 * 30 + i % 25 + 1 } else { 0 };
                assert_eq!(*value, expected, "{len} {i}");
            }
        }
    }
}
