//! Index inputs: what to say of one that is out of range.

use core::fmt;

use super::Element;
use crate::network::Port;

/// An index that is not below the number of embeddings, or a sequence length that is 0 or exceeds the number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexError {
    /// The index.
    pub index: usize,
    /// Its position in the sample.
    pub position: usize,
    /// The step within a block; `None` outside of blocks.
    pub step: Option<usize>,
    /// The number of embeddings; for a length, the number of steps plus one.
    pub bound: usize,
    /// Whether it is the length of a sequence.
    pub is_length: bool,
    /// The name of the input; empty where the network has only one, without a name.
    pub input: &'static str,
}

impl IndexError {
    /// The same error in row number `row` of `count`.
    #[must_use]
    pub(crate) const fn in_row(self, row: usize, count: usize) -> Self {
        Self { step: if count > 1 { Some(row) } else { None }, ..self }
    }

    /// The first value of some rows that is an index, but not below the bound of its input, as an error, and its row.
    pub(crate) fn check<E: Element, const N: usize>(
        rows: &[[E; N]],
        input: Option<&Port>,
    ) -> Result<(), (usize, Self)> {
        let Some(&Port { index_bound: Some(bound), name: input, is_length, .. }) = input else { return Ok(()) };
        let is_out_of_range = |index: usize| index >= bound || is_length && index == 0;
        match rows
            .as_flattened()
            .iter()
            .filter_map(|value| value.as_index())
            .enumerate()
            .find(|(_, index)| is_out_of_range(*index))
        {
            Some((place, index)) => {
                Err((place / N.max(1), Self { index, position: place % N.max(1), step: None, bound, is_length, input }))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, position, step, bound, is_length, input } = self;
        if *is_length {
            return write!(
                f,
                "the length {index} in `{input}` is out of range: a sequence has 1 to {} steps",
                bound - 1
            );
        }
        write!(f, "index {index} at position {position} of ")?;
        match *input {
            "" => f.write_str("the input")?,
            input => write!(f, "`{input}`")?,
        }
        if let Some(step) = step {
            write!(f, " in step {step} of the block")?;
        }
        write!(f, " is out of range: the network has {bound} embeddings, 0 to {}", bound - 1)
    }
}

impl core::error::Error for IndexError {}
