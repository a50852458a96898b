//! A tensor as nested lists: what PyTorch's `tolist` makes of it.

use core::fmt;

use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserializer, Serialize, Serializer};

use super::number::Number;
use crate::network::NamedTensor;
use crate::scalar::Scalar;

/// The dimensions that a tensor in a file may have.
const MOST_DIMENSIONS: usize = 8;

/// The value at an index of PyTorch's order, if it is finite.
pub(super) fn finite<T: Scalar, E: serde::ser::Error>(info: NamedTensor, values: &[T], index: usize) -> Result<T, E> {
    let value = values.get(info.place(index)).copied().unwrap_or(T::ZERO);
    if value.to_f64().is_finite() {
        return Ok(value);
    }
    let place = Index { info, index };
    Err(E::custom(format_args!("{place} is {:?}: only finite values are saved", value.to_f64())))
}

/// A value of a tensor, for messages: `fc1.weight` at [2, 3].
pub(super) struct Index {
    pub(super) info: NamedTensor,
    pub(super) index: usize,
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at [", self.info.name())?;
        let (mut rest, mut inner) = (self.index, self.info.len());
        for (dimension, size) in self.info.shape().iter().enumerate() {
            inner /= (*size).max(1);
            write!(f, "{}{}", if dimension == 0 { "" } else { ", " }, rest / inner.max(1))?;
            rest %= inner.max(1);
        }
        f.write_str("]")
    }
}

/// The part of a tensor from `start` on, below its first `depth` dimensions, to be written.
pub(super) struct Nested<'a, T> {
    pub(super) info: NamedTensor,
    pub(super) values: &'a [T],
    pub(super) depth: usize,
    pub(super) start: usize,
}

impl<T: Scalar> Serialize for Nested<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self { info, values, depth, start } = self;
        let Some((&size, inner)) = info.shape().get(depth..).and_then(<[usize]>::split_first) else {
            return Number(finite::<T, S::Error>(info, values, start)?).serialize(serializer);
        };
        let step: usize = inner.iter().product();
        let mut list = serializer.serialize_seq(Some(size))?;
        for index in 0..size {
            list.serialize_element(&Self { info, values, depth: depth + 1, start: start + index * step })?;
        }
        list.end()
    }
}

/// A tensor that is read, with what is known of it in the file.
pub(super) struct Reading<'a, T> {
    info: NamedTensor,
    values: &'a mut [T],
    /// How many values have come.
    count: usize,
    /// The number of dimensions, once a value or an empty list has come.
    dimensions: Option<usize>,
    /// How long the lists of each dimension are.
    sizes: [Option<usize>; MOST_DIMENSIONS],
    is_ragged: bool,
    /// The first value that is not finite, and its position.
    refused: Option<(usize, f64)>,
}

impl<'a, T: Scalar> Reading<'a, T> {
    pub(super) fn new(info: NamedTensor, values: &'a mut [T]) -> Self {
        let sizes = [None; MOST_DIMENSIONS];
        Self { info, values, count: 0, dimensions: None, sizes, is_ragged: false, refused: None }
    }

    /// Takes the next value, which stands in lists of this depth.
    fn take(&mut self, depth: usize, value: f64) {
        self.is_ragged |= *self.dimensions.get_or_insert(depth) != depth;
        let rounded = T::from_f64(value);
        if !rounded.to_f64().is_finite() && self.refused.is_none() {
            self.refused = Some((self.count, value));
        }
        if self.count < self.info.len()
            && let Some(slot) = self.values.get_mut(self.info.place(self.count))
        {
            *slot = rounded;
        }
        self.count += 1;
    }

    /// Ends a list of this depth.
    fn close(&mut self, depth: usize, size: usize) {
        if let Some(known) = self.sizes.get_mut(depth) {
            self.is_ragged |= *known.get_or_insert(size) != size;
        }
        if size == 0 {
            self.is_ragged |= *self.dimensions.get_or_insert(depth + 1) != depth + 1;
        }
    }

    fn check<E: Error>(&self) -> Result<(), E> {
        let Self { info, .. } = self;
        let (name, shape) = (info.name(), info.shape());
        if self.is_ragged {
            let text = format_args!(
                "`{name}` is no tensor here: its lists differ in length; it has shape {shape:?} in the network"
            );
            return Err(E::custom(text));
        }
        let mut found = [0; MOST_DIMENSIONS];
        let dimensions = self.dimensions.unwrap_or(0);
        for (found, size) in found.iter_mut().zip(self.sizes) {
            *found = size.unwrap_or(0);
        }
        let found = found.get(..dimensions).unwrap_or_default();
        if found != shape {
            return Err(E::custom(format_args!("`{name}` has shape {found:?} here, but {shape:?} in the network")));
        }
        match self.refused {
            Some((index, value)) => Err(not_finite::<T, E>(&Index { info: *info, index }, value)),
            None => Ok(()),
        }
    }
}

/// That a value in a file is not finite, or not as a `T`.
pub(super) fn not_finite<T: Scalar, E: Error>(place: &Index, value: f64) -> E {
    let kind = T::DTYPE;
    E::custom(format_args!("{place} is {value:?}, but must be finite as an `{kind}`"))
}

impl<'de, T: Scalar> DeserializeSeed<'de> for Reading<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        List { reading: &mut self, depth: 0 }.deserialize(deserializer)?;
        self.check()
    }
}

/// A value or a list, inside of `depth` lists.
struct List<'r, 'a, T> {
    reading: &'r mut Reading<'a, T>,
    depth: usize,
}

impl<'de, T: Scalar> DeserializeSeed<'de> for List<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Scalar> Visitor<'de> for List<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.reading.info;
        write!(f, "the finite numbers of `{}`, in nested lists of shape {:?}", info.name(), info.shape())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.reading.take(self.depth, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { reading, depth } = self;
        if depth == MOST_DIMENSIONS {
            let info = reading.info;
            let (name, shape) = (info.name(), info.shape());
            let text = format_args!(
                "`{name}` has more than {MOST_DIMENSIONS} dimensions here, but shape {shape:?} in the network"
            );
            return Err(A::Error::custom(text));
        }
        let mut size = 0;
        while list.next_element_seed(List { reading: &mut *reading, depth: depth + 1 })?.is_some() {
            size += 1;
        }
        reading.close(depth, size);
        Ok(())
    }
}
