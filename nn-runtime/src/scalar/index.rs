//! Index inputs: what to say of one that is out of range.

use core::fmt;

use super::Element;
use crate::network::Port;

/// An index in an input that is not below the number of embeddings, or the length of a sequence that has not so many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexError {
    /// The index.
    pub index: usize,
    /// Its position in the sample.
    pub position: usize,
    /// The number of embeddings. Of the length of a sequence: one more than it has steps.
    pub bound: usize,
    /// Whether it is the length of a sequence.
    pub is_length: bool,
    /// The name of the input; empty where the network has only one, without a name.
    pub input: &'static str,
}

impl IndexError {
    /// The first value that is an index, but not below the bound of its input, as an error.
    pub(crate) fn check<E: Element>(values: &[E], input: Option<&Port>) -> Result<(), Self> {
        let Some(&Port { index_bound: Some(bound), name: input, is_length, .. }) = input else { return Ok(()) };
        let is_out_of_range = |index: usize| index >= bound || is_length && index == 0;
        match values.iter().filter_map(|value| value.as_index()).enumerate().find(|(_, index)| is_out_of_range(*index))
        {
            Some((position, index)) => Err(Self { index, position, bound, is_length, input }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, position, bound, is_length, input } = self;
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
        write!(f, " is out of range: the network has {bound} embeddings, 0 to {}", bound - 1)
    }
}

impl core::error::Error for IndexError {}
