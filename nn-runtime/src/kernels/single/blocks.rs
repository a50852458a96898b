//! The blocks of rows that a product is computed in, and what is known of them while a program compiles.

/// What is known of the number of a product's rows while the program compiles: code for other numbers is not compiled.
pub(crate) trait Rows {
    /// The smallest number.
    const LEAST: usize;
    /// The largest number.
    const MOST: usize;
    /// Whether the number is known.
    const IS_KNOWN: bool = Self::LEAST == Self::MOST;
}

/// Any number of rows: one copy of a kernel is for all of them.
pub(crate) struct AnyRows;

impl Rows for AnyRows {
    const LEAST: usize = 0;
    const MOST: usize = usize::MAX;
}

/// `N` rows.
pub(crate) struct Exactly<const N: usize>;

impl<const N: usize> Rows for Exactly<N> {
    const LEAST: usize = N;
    const MOST: usize = N;
}

/// Fewer rows than 8.
pub(super) struct Few;

impl Rows for Few {
    const LEAST: usize = 0;
    const MOST: usize = 7;
}

/// The first row of a block of `chunks` chunks of `width` rows, where `row` is the first that is not computed yet; `None` if there
/// are fewer rows, or if no more than half a block is left of them.
///
/// A block that ends with the last row computes some again, which takes less time than to pass over the columns once more.
#[inline(always)]
pub(super) const fn first_row(rows: usize, row: usize, chunks: usize, width: usize) -> Option<usize> {
    let size = chunks * width;
    if size > rows || rows - row <= chunks / 2 * width {
        return None;
    }
    Some(if row < rows - size { row } else { rows - size })
}

/// The numbers of chunks that blocks have, the largest first.
const CHUNKS: [usize; 4] = [8, 4, 2, 1];

/// Whether blocks of `chunks` chunks are needed.
pub(super) const fn needs<R: Rows>(chunks: usize, width: usize) -> bool {
    if !R::IS_KNOWN {
        return chunks == 1 || chunks * width <= R::MOST;
    }
    let (mut row, mut kind) = (0, 0);
    while row < R::MOST {
        row = match first_row(R::MOST, row, CHUNKS[kind], width) {
            Some(_) if CHUNKS[kind] == chunks => return true,
            Some(first) => first + CHUNKS[kind] * width,
            // the last kind is for fewer rows than a chunk, too
            None if kind == CHUNKS.len() - 1 => return chunks == 1,
            None => {
                kind += 1;
                row
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The blocks of `N` rows in chunks of 8.
    fn kinds<const N: usize>() -> [bool; 4] {
        CHUNKS.map(|chunks| needs::<Exactly<N>>(chunks, 8))
    }

    #[test]
    fn only_the_blocks_that_rows_fill_are_compiled() {
        assert_eq!(kinds::<0>(), [false; 4]);
        assert_eq!(kinds::<5>(), [false, false, false, true]);
        assert_eq!(kinds::<8>(), [false, false, false, true]);
        assert_eq!(kinds::<17>(), [false, false, true, true]);
        assert_eq!(kinds::<32>(), [false, true, false, false]);
        assert_eq!(kinds::<48>(), [false, true, true, false]);
        assert_eq!(kinds::<64>(), [true, false, false, false]);
        assert_eq!(kinds::<100>(), [true, false, false, false]);
        assert_eq!(CHUNKS.map(|chunks| needs::<AnyRows>(chunks, 8)), [true; 4]);
        assert_eq!(CHUNKS.map(|chunks| needs::<Few>(chunks, 4)), [false, false, false, true]);
    }
}
