//! Index inputs: what to say of one that is out of range.

use core::fmt;

use super::Element;
use crate::network::Port;

/// An index in an input that is not below the number of embeddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexError {
    /// The index.
    pub index: usize,
    /// Its position in the sample.
    pub position: usize,
    /// The number of embeddings.
    pub bound: usize,
    /// The name of the input; empty where the network has only one, without a name.
    pub input: &'static str,
}

impl IndexError {
    /// The first value that is an index, but not below the bound of its input, as an error.
    pub(crate) fn check<E: Element>(values: &[E], input: Option<&Port>) -> Result<(), Self> {
        let Some(&Port { index_bound: Some(bound), name: input, .. }) = input else { return Ok(()) };
        match values.iter().filter_map(|value| value.as_index()).enumerate().find(|(_, index)| *index >= bound) {
            Some((position, index)) => Err(Self { index, position, bound, input }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, position, bound, input } = self;
        write!(f, "index {index} at position {position} of ")?;
        match *input {
            "" => f.write_str("the input")?,
            input => write!(f, "`{input}`")?,
        }
        write!(f, " is out of range: the network has {bound} embeddings, 0 to {}", bound - 1)
    }
}

impl core::error::Error for IndexError {}
