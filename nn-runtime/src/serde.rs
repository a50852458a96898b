//! Saving and reading with serde: networks, training runs, settings of optimizers. Needs the feature `serde`.
//!
//! `network!` implements [`Serialize`] and [`Deserialize`] for each network, and for
//! its frozen parameters. How they are written depends on the format:
//!
//! | | human-readable formats: JSON, YAML, TOML, RON | binary formats: postcard, bincode, CBOR, `MessagePack` |
//! |---|---|---|
//! | network | map from PyTorch's names to nested lists, as `{k: v.tolist() for k, v in state_dict().items()}` | fingerprint and values |
//! | training run | `{"step", "seed", "state": {"exp_avg": {"fc1.weight": ..}, ..}}` | the same without names |
//! | settings | map of PyTorch's options: `{"lr": 0.001, "betas": [0.9, 0.999], ..}` | the same without names |
//!
//! Values stand in PyTorch's order in all formats. A training run is a [`Training`](crate::train::Training). Its `state` has the
//! names of PyTorch's optimizers, and each tensor by its own name, where PyTorch numbers them. Gradient and workspace are not
//! written: each step overwrites them.
//!
//! The fingerprint is a hash of the stages with all options and shapes. So the binary form is for networks of the same
//! declaration; a file that is to outlive it should be JSON or safetensors.
//!
//! Reading checks names, shapes, numbers of values and that each value is finite. The order of names does not matter, and
//! `num_batches_tracked`, which batch normalisation has in PyTorch alone, is passed over. Text keeps the bits of an `f32`; for
//! those of an `f64`, `serde_json` needs its feature `float_roundtrip`.
//!
//! The generator that [`rng`](crate::init::rng) returns is saved by the feature `serde` of `rand_xoshiro`, which needs std.
//!
//! ```
//! use nn_runtime::prelude::*;
//!
//! network! { struct Net: [2] -> [1] { fc: linear(1) } }
//!
//! let net: Net = serde_json::from_str(r#"{"fc.weight": [[0.5, 2]], "fc.bias": [0.25]}"#)?;
//! assert_eq!(serde_json::to_string(&net)?, r#"{"fc.weight":[[0.5,2.0]],"fc.bias":[0.25]}"#);
//!
//! let error = serde_json::from_str::<Net>(r#"{"fc.weight": [[0.5], [2]], "fc.bias": [0.25]}"#).unwrap_err();
//! assert!(error.to_string().starts_with("`fc.weight` has shape [2, 1] here, but [1, 2] in the network"));
//!
//! let adam: Adam = serde_json::from_str(r#"{"lr": 0.01}"#)?;
//! assert_eq!(adam, Adam::new(0.01));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Large networks
//!
//! What does not fit the stack is read in place, by [`DeserializeIn`], or directly into a `Box`, by `boxed`, which serves a
//! derive too:
//!
//! ```
//! # use nn_runtime::prelude::*;
//! network! { struct Large: [1000] -> [1000] { linear(1000) } }
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Checkpoint {
//!     #[serde(deserialize_with = "nn_runtime::serde::boxed")]
//!     network: Box<Large>,
//!     optimizer: Adam,
//!     #[serde(deserialize_with = "nn_runtime::serde::boxed")]
//!     training: Box<Training<Large, Adam, 8>>,
//! }
//! ```

mod fields;
mod groups;
mod number;
mod settings;
mod tensor;
mod training;
mod values;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use bytemuck::{Pod, Zeroable};
use serde::de::DeserializeSeed;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::values::{Part, Values, ValuesMut};
use crate::aligned::Aligned;
use crate::network::{LayerInfo, flat, flat_mut};
use crate::scalar::Scalar;
use crate::stack::{on_stack, room};

/// What can be deserialized in place: a network or its frozen parameters, a [`Training`](crate::train::Training), and
/// [`Groups`](crate::optim::Groups), which keep their group names.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Large: [1000] -> [1000] { linear(1000) } }
///
/// let network = Large::boxed(&mut rng(0));
/// let bytes = postcard::to_allocvec(&network)?;
/// let mut read = Large::boxed(&mut rng(1));
/// read.deserialize_in(&mut postcard::Deserializer::from_bytes(&bytes))?;
/// assert_eq!(read, network);
/// # Ok::<(), postcard::Error>(())
/// ```
pub trait DeserializeIn {
    /// Overwrites it with what the deserializer reads.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, with the name of the tensor or option. After an error, all values of a network are NaN, so
    /// that it cannot be used by mistake; a training run is as before its first step. To keep the old values, read a new one.
    fn deserialize_in<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// A [`DeserializeSeed`] of what is deserialized in place, inside of something else.
pub struct InPlace<'a, V: ?Sized>(pub &'a mut V);

impl<'de, V: DeserializeIn + ?Sized> DeserializeSeed<'de> for InPlace<'_, V> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.deserialize_in(deserializer)
    }
}

impl<V: ?Sized> fmt::Debug for InPlace<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InPlace").finish_non_exhaustive()
    }
}

/// Reads a network or a training run directly into a `Box`; it is never on the stack.
///
/// # Errors
///
/// What is wrong with the file, with the name of the tensor or option.
#[cfg(feature = "alloc")]
pub fn boxed<'de, V: DeserializeIn + Zeroable, D: Deserializer<'de>>(deserializer: D) -> Result<Box<V>, D::Error> {
    let mut new: Box<V> = bytemuck::zeroed_box();
    new.deserialize_in(deserializer)?;
    Ok(new)
}

/// Reads a network or a training run by value; what is too large for the stack does not compile.
///
/// # Errors
/// What is wrong with the file.
#[doc(hidden)]
pub fn by_value<'de, V: DeserializeIn + Zeroable, D: Deserializer<'de>>(deserializer: D) -> Result<V, D::Error> {
    const { room::<V>().expect(TOO_LARGE) };
    let mut new: V = on_stack();
    new.deserialize_in(deserializer)?;
    Ok(new)
}

#[cfg(feature = "alloc")]
const TOO_LARGE: &str = "this is too large to be deserialized on the stack, which takes up to 448 KiB: \
    write `nn_runtime::serde::boxed(deserializer)`, which reads it into a `Box`; \
    in a struct that derives `Deserialize`, `#[serde(deserialize_with = \"nn_runtime::serde::boxed\")]`";
#[cfg(not(feature = "alloc"))]
const TOO_LARGE: &str = "this is too large to be deserialized on the stack, which takes up to 448 KiB: \
    write `deserialize_in(deserializer)`, which reads it in place";

impl<V: Serialize> Serialize for Aligned<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Aligned<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        V::deserialize(deserializer).map(Self)
    }
}

impl<V: DeserializeIn> DeserializeIn for Aligned<V> {
    fn deserialize_in<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.0.deserialize_in(deserializer)
    }
}

/// Serializes a network, or its frozen parameters.
///
/// # Errors
/// A value that is not finite, or the serializer's own.
#[doc(hidden)]
pub fn serialize<P: Pod, T: Scalar, S: Serializer>(
    parameters: &P,
    layers: &'static [LayerInfo],
    is_frozen: bool,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Values { part: Part::parameters(layers, is_frozen), values: flat::<_, T>(parameters) }.serialize(serializer)
}

/// Deserializes a network, or its frozen parameters; after an error they are NaN.
///
/// # Errors
/// What is wrong with the file.
#[doc(hidden)]
pub fn deserialize<'de, P: Pod, T: Scalar, D: Deserializer<'de>>(
    parameters: &mut P,
    layers: &'static [LayerInfo],
    is_frozen: bool,
    deserializer: D,
) -> Result<(), D::Error> {
    let values: &mut [T] = flat_mut(parameters);
    let result =
        ValuesMut { part: Part::parameters(layers, is_frozen), values: &mut *values }.deserialize(deserializer);
    if result.is_err() {
        values.fill(T::from_f64(f64::NAN));
    }
    result
}
