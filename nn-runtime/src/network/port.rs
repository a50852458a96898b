//! The inputs and outputs of a network.

use core::fmt;

/// An input or an output of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// Its name; empty where it is the only one and has none.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static [usize],
    /// For indices: the exclusive upper bound, which is the number of embeddings; for a length, the number of steps plus one.
    pub index_bound: Option<usize>,
    /// Whether it is the length of a sequence, which is at least 1.
    pub is_length: bool,
}

impl Port {
    /// An input or output of numbers.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, shape, index_bound: None, is_length: false }
    }

    /// The same of indices, which must be below a bound.
    #[must_use]
    pub const fn indices(self, bound: Option<usize>) -> Self {
        Self { index_bound: bound, ..self }
    }

    /// The same of lengths of sequences.
    #[must_use]
    pub const fn lengths(self) -> Self {
        Self { is_length: true, ..self }
    }
}

/// Where a value stands in a row: its position, in one of several inputs or outputs if the row has them.
///
/// ```
/// use nn_runtime::network::Column;
///
/// assert_eq!(Column::from(3).to_string(), "position 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// The name of the input or output; empty where there is only one without a name.
    pub name: &'static str,
    /// The position in it.
    pub position: usize,
}

impl Column {
    /// The value at a position of a whole row.
    pub(crate) fn at(ports: &[Port], position: usize) -> Self {
        let mut position = position;
        for Port { name, shape, .. } in ports {
            let len = shape.iter().product();
            if position < len {
                return Self { name, position };
            }
            position -= len;
        }
        position.into()
    }
}

impl From<usize> for Column {
    fn from(position: usize) -> Self {
        Self { name: "", position }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { name: "", position } => write!(f, "position {position}"),
            Self { name, position } => write!(f, "position {position} of `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;

    const PORTS: &[Port] = &[Port::new("image", &[2, 3]), Port::new("speed", &[3])];

    #[test]
    fn a_position_is_that_in_its_part() {
        assert_eq!(Column::at(PORTS, 5), Column { name: "image", position: 5 });
        assert_eq!(Column::at(PORTS, 6).to_string(), "position 0 of `speed`");
        assert_eq!(Column::at(&[], 2), 2.into());
    }
}
