//! A number in a file.

use core::fmt;

use serde::de::{DeserializeSeed, Error, Visitor};
use serde::{Deserializer, Serialize, Serializer};

use crate::scalar::{Dtype, Scalar};

/// A number to be written.
pub(super) struct Number<T>(pub(super) T);

impl<T: Scalar> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match T::DTYPE {
            // the same value: it comes from an `f32`
            Dtype::F32 => serializer.serialize_f32(self.0.to_f64() as f32),
            _ => serializer.serialize_f64(self.0.to_f64()),
        }
    }
}

/// Reads a number of the given type, of what the second field says.
pub(super) struct NumberSeed<W>(pub(super) Dtype, pub(super) W);

impl<'de, W: fmt::Display> DeserializeSeed<'de> for NumberSeed<W> {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        match self.0 {
            Dtype::F32 => deserializer.deserialize_f32(self),
            _ => deserializer.deserialize_f64(self),
        }
    }
}

impl<W: fmt::Display> Visitor<'_> for NumberSeed<W> {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number for {}", self.1)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }
}
