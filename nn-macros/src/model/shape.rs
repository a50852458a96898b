//! Sizes and shapes as numbers, known while the macro expands.

use std::fmt;

/// The largest number of values in a shape: more would not fit into the memory of a 32-bit machine.
pub const MOST_VALUES: usize = 1 << 30;

/// The shape of one sample, which has at least one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// The shape with these sizes, if none is 0 and their product is a sensible number of values.
    pub fn new(sizes: Vec<usize>) -> Result<Self, String> {
        let product = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
        let shape = Self(sizes);
        match product {
            _ if shape.0.is_empty() => Err("a shape needs at least one size".into()),
            Some(0) => Err(format!("the shape {shape} has a size of 0")),
            Some(1..=MOST_VALUES) => Ok(shape),
            _ => Err(format!("the shape {shape} has more than {MOST_VALUES} values")),
        }
    }

    pub fn sizes(&self) -> &[usize] {
        &self.0
    }

    /// The first size.
    pub fn first(&self) -> usize {
        self.0[0]
    }

    /// The same shape with another first size, which is no larger.
    pub fn with_first(&self, first: usize) -> Self {
        let sizes = [&[first.min(self.first())], &self.0[1..]].concat();
        Self(sizes)
    }

    /// The shape of one step of a sequence along the first dimension; `None` if nothing is left of it.
    pub fn of_step(&self) -> Option<Self> {
        let rest = self.0[1..].to_vec();
        (!rest.is_empty()).then_some(Self(rest))
    }

    /// The last size.
    pub fn last(&self) -> usize {
        self.0[self.0.len() - 1]
    }

    /// An image or a signal whose channels are probably written last, with the channels first.
    pub fn channels_first(&self) -> Option<Self> {
        match *self.0 {
            [height, width, channels @ (1 | 3 | 4)] if height > channels && width > channels => {
                Some(Self(vec![channels, height, width]))
            }
            [length, channels @ 1..=4] if length > channels => Some(Self(vec![channels, length])),
            _ => None,
        }
    }

    /// A help, or that this is the input with its channels first.
    pub fn or_channels_first(&self, help: &str) -> String {
        format!("{help}; or, if the channels are written last, declare the input as `{self}`")
    }

    /// What is probably meant by a shape that begins with the batch.
    pub fn without_batch(&self) -> Option<Self> {
        let (_, rest) = self.0.split_first().filter(|(_, rest)| !rest.is_empty())?;
        let rest = Self(rest.to_vec());
        let image = if rest.0.len() == 3 { rest.channels_first() } else { None };
        Some(image.unwrap_or(rest))
    }

    /// The number of dimensions.
    pub const fn rank(&self) -> usize {
        self.0.len()
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.0.iter().product()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// The divisor of `size` that is nearest to another number.
pub fn nearest_divisor(size: usize, to: usize) -> usize {
    let divisors = (1..=size.isqrt()).filter(|divisor| size.is_multiple_of(*divisor));
    divisors.flat_map(|divisor| [divisor, size / divisor]).min_by_key(|divisor| divisor.abs_diff(to)).unwrap_or(1)
}
