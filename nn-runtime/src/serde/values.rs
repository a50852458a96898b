//! The values of a network's tensors: by name in human-readable formats, without names in binary ones.

use core::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq, SerializeTuple};
use serde::{Deserializer, Serialize, Serializer};

use super::number::{Number, NumberSeed};
use super::tensor::{Index, Nested, Reading, finite, not_finite};
use crate::network::tensors::is_count_of_batches;
use crate::network::{LayerInfo, NamedTensor, tensors};
use crate::scalar::Scalar;

/// Some of the tensors of a network.
#[derive(Clone, Copy)]
pub(super) struct Part {
    layers: &'static [LayerInfo],
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The network without its frozen parameters.
    Network,
    Frozen,
    /// The values of this name in the optimizer state, one for each parameter.
    State(&'static str),
}

impl Part {
    pub(super) const fn parameters(layers: &'static [LayerInfo], is_frozen: bool) -> Self {
        Self { layers, kind: if is_frozen { Kind::Frozen } else { Kind::Network } }
    }

    pub(super) const fn state(layers: &'static [LayerInfo], name: &'static str) -> Self {
        Self { layers, kind: Kind::State(name) }
    }

    fn tensors(self) -> impl Iterator<Item = NamedTensor> + Clone {
        tensors(self.layers).filter(move |tensor| match self.kind {
            Kind::Network => !tensor.is_frozen(),
            Kind::Frozen => tensor.is_frozen(),
            Kind::State(_) => !tensor.is_frozen() && !tensor.is_state(),
        })
    }

    /// Checks that the table has all of `len` values: a network written by hand may have no table.
    fn check_table(self, len: usize) -> Result<(), Unlisted> {
        let is_frozen = self.kind == Kind::Frozen;
        let own = tensors(self.layers).filter(|tensor| tensor.is_frozen() == is_frozen);
        let listed = own.map(|tensor| tensor.len()).sum();
        if listed == len { Ok(()) } else { Err(Unlisted { part: self, listed, len }) }
    }

    /// How many values there are.
    fn len(self) -> usize {
        self.tensors().map(|tensor| tensor.len()).sum()
    }

    /// A hash of the stages with all options, the shapes, the type of the values, and which part it is.
    fn fingerprint(self) -> u64 {
        let mut hash = Hash(0xcbf2_9ce4_8422_2325);
        // a `Hash` takes any text
        let _ = match self.kind {
            Kind::Network => hash.write_str("network\n"),
            Kind::Frozen => hash.write_str("frozen\n"),
            Kind::State(name) => writeln!(hash, "remembered {name}"),
        };
        hash.rows(self.layers);
        for tensor in self.tensors() {
            let _ = writeln!(hash, "{tensor:?} {}", tensor.dtype());
        }
        hash.0
    }

    /// What has the tensors, for messages.
    fn owner(self) -> &'static str {
        match self.kind {
            Kind::Network => "the network",
            Kind::Frozen => "the network's frozen part",
            Kind::State(_) => "the optimizer's state",
        }
    }

    /// That a tensor of this name is not read here.
    fn unknown<E: Error>(self, name: &str) -> E {
        let owner = self.owner();
        if self.kind == Kind::Network && tensors(self.layers).any(|tensor| &tensor.name() == name) {
            return E::custom(format_args!("`{name}` is frozen in the network: its frozen parameters are read apart"));
        }
        E::custom(format_args!("{owner} has no tensor `{name}`; its tensors are {}", Names(self)))
    }
}

/// That a table of layers does not have all values.
struct Unlisted {
    part: Part,
    listed: usize,
    len: usize,
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, listed, len } = self;
        write!(f, "the table of layers lists {listed} values, but {} has {len}", part.owner())
    }
}

/// The names of a part's tensors, the first ones.
struct Names(Part);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let count = self.0.tensors().count();
        for (i, tensor) in self.0.tensors().take(SHOWN).enumerate() {
            write!(f, "{}`{}`", if i == 0 { "" } else { ", " }, tensor.name())?;
        }
        match count {
            0 => f.write_str("none"),
            _ if count > SHOWN => write!(f, " and {} more", count - SHOWN),
            _ => Ok(()),
        }
    }
}

/// FNV-1a (Fowler, Noll and Vo), of text.
struct Hash(u64);

impl Hash {
    fn rows(&mut self, layers: &[LayerInfo]) {
        for row in layers {
            let _ = writeln!(self, "{row} of {:?}", row.inputs);
            self.rows(row.inner);
        }
    }
}

impl fmt::Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

/// The values of some tensors, to be written; a flat slice of the whole network, or of all frozen parameters.
#[derive(Clone, Copy)]
pub(super) struct Values<'a, T> {
    pub(super) part: Part,
    pub(super) values: &'a [T],
}

impl<'a, T> Values<'a, T> {
    fn of(self, info: NamedTensor) -> &'a [T] {
        self.values.get(info.start()..info.start() + info.len()).unwrap_or_default()
    }
}

impl<T: Scalar> Serialize for Values<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.part.check_table(self.values.len()).map_err(S::Error::custom)?;
        if serializer.is_human_readable() {
            let mut map = serializer.serialize_map(Some(self.part.tensors().count()))?;
            for info in self.part.tensors() {
                map.serialize_entry(&Text(info.name()), &Nested { info, values: self.of(info), depth: 0, start: 0 })?;
            }
            return map.end();
        }
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&self.part.fingerprint())?;
        pair.serialize_element(&Flat(*self))?;
        pair.end()
    }
}

/// All values as one list.
struct Flat<'a, T>(Values<'a, T>);

impl<T: Scalar> Serialize for Flat<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.part.len()))?;
        for info in self.0.part.tensors() {
            let values = self.0.of(info);
            for index in 0..info.len() {
                list.serialize_element(&Number(finite::<T, S::Error>(info, values, index)?))?;
            }
        }
        list.end()
    }
}

/// A name as text.
struct Text<D>(D);

impl<D: fmt::Display> Serialize for Text<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// The values of some tensors, to be read.
pub(super) struct ValuesMut<'a, T> {
    pub(super) part: Part,
    pub(super) values: &'a mut [T],
}

impl<T: Scalar> ValuesMut<'_, T> {
    fn of(&mut self, info: NamedTensor) -> &mut [T] {
        self.values.get_mut(info.start()..info.start() + info.len()).unwrap_or_default()
    }

    /// Whether a tensor has not come yet: what has come is finite.
    fn is_expected(&mut self, info: NamedTensor) -> bool {
        self.of(info).first().is_none_or(|value| value.to_f64().is_nan())
    }
}

impl<'de, T: Scalar> DeserializeSeed<'de> for ValuesMut<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.part.check_table(self.values.len()).map_err(D::Error::custom)?;
        if deserializer.is_human_readable() {
            // inside a tagged enum, serde reports a binary format as human-readable: then a tuple comes here too
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_tuple(2, self)
        }
    }
}

impl<'de, T: Scalar> Visitor<'de> for ValuesMut<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tensors of {}", self.part.owner())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        for info in self.part.tensors() {
            self.of(info).fill(T::from_f64(f64::NAN));
        }
        while let Some(tensor) = map.next_key_seed(Key(self.part))? {
            let Some(info) = tensor else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !self.is_expected(info) {
                return Err(A::Error::custom(format_args!("`{}` comes twice", info.name())));
            }
            map.next_value_seed(Reading::new(info, self.of(info)))?;
        }
        match self.part.tensors().find(|info| self.is_expected(*info)) {
            Some(info) => {
                let (name, shape) = (info.name(), info.shape());
                Err(A::Error::custom(format_args!("`{name}` of shape {shape:?} is missing")))
            }
            None => Ok(()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<(), A::Error> {
        let expected = self.part.fingerprint();
        let found: u64 = pair.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        if found != expected {
            return Err(A::Error::custom(format_args!(
                "these are values of another network, whose stages, options or shapes differ: its fingerprint is {found:016x}, that of {} {expected:016x}",
                self.part.owner()
            )));
        }
        pair.next_element_seed(FlatMut(self))?.ok_or_else(|| A::Error::custom("the values are missing"))
    }
}

/// The name of a tensor; `None` for what is passed over.
struct Key(Part);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<NamedTensor>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<NamedTensor>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a tensor of {}", self.0.owner())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        match self.0.tensors().find(|tensor| &tensor.name() == name) {
            None if !is_count_of_batches(name) => Err(self.0.unknown(name)),
            found => Ok(found),
        }
    }
}

/// All values as one list, to be read.
struct FlatMut<'a, T>(ValuesMut<'a, T>);

impl<'de, T: Scalar> DeserializeSeed<'de> for FlatMut<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Scalar> Visitor<'de> for FlatMut<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} values of {}", self.0.part.len(), self.0.part.owner())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut count = 0;
        for info in self.0.part.tensors() {
            for index in 0..info.len() {
                let place = Index { info, index };
                let Some(value) = list.next_element_seed(NumberSeed(T::DTYPE, &place))? else {
                    return Err(A::Error::invalid_length(count, &self));
                };
                let rounded = T::from_f64(value);
                if !rounded.to_f64().is_finite() {
                    return Err(not_finite::<T, A::Error>(&place, value));
                }
                if let Some(slot) = self.0.of(info).get_mut(info.place(index)) {
                    *slot = rounded;
                }
                count += 1;
            }
        }
        match list.next_element::<IgnoredAny>()? {
            Some(_) => Err(A::Error::invalid_length(count + 1, &self)),
            None => Ok(()),
        }
    }
}
