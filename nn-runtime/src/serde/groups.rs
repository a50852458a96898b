//! Groups of settings: those of `base`, and of each stage that has its own.

use core::array;
use core::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DeserializeIn;
use super::fields::{Field, Seen, missing_field};
use crate::optim::Groups;

const FIELD: Field = Field { owner: "Groups", fields: &["base", "groups"] };

impl<O: Serialize, const COUNT: usize> Serialize for Groups<O, COUNT> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct(FIELD.owner, FIELD.fields.len())?;
        fields.serialize_field("base", &self.base)?;
        fields.serialize_field("groups", &ByName(self))?;
        fields.end()
    }
}

struct ByName<'a, O, const COUNT: usize>(&'a Groups<O, COUNT>);

impl<O: Serialize, const COUNT: usize> Serialize for ByName<'_, O, COUNT> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(COUNT))?;
        for (name, optimizer) in self.0.groups() {
            map.serialize_entry(name, optimizer)?;
        }
        map.end()
    }
}

/// The names of the groups are those that it has; after an error it is as it was.
impl<O: for<'a> Deserialize<'a>, const COUNT: usize> DeserializeIn for Groups<O, COUNT> {
    fn deserialize_in<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let (base, groups) = deserializer.deserialize_struct(FIELD.owner, FIELD.fields, Whole(self))?;
        self.base = base;
        for (optimizer, read) in self.optimizers_mut().skip(1).zip(groups) {
            if let Some(read) = read {
                *optimizer = read;
            }
        }
        Ok(())
    }
}

/// The optimizer of the base, and those of the groups in their order.
struct Whole<'a, O, const COUNT: usize>(&'a Groups<O, COUNT>);

impl<'de, O: Deserialize<'de>, const COUNT: usize> Visitor<'de> for Whole<'_, O, COUNT> {
    type Value = (O, [Option<O>; COUNT]);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the options of `Groups`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut base, mut groups, mut seen) = (None, None, Seen::none(FIELD));
        while let Some(index) = map.next_key_seed(FIELD)? {
            seen.mark(index)?;
            match index {
                0 => base = Some(map.next_value()?),
                _ => groups = Some(map.next_value_seed(Named(self.0))?),
            }
        }
        match (base, groups) {
            (Some(base), Some(groups)) => Ok((base, groups)),
            (None, _) => Err(missing_field(FIELD.owner, "base")),
            (_, None) => Err(missing_field(FIELD.owner, "groups")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let base = list.next_element()?.ok_or_else(|| missing_field(FIELD.owner, "base"))?;
        let groups = list.next_element_seed(Named(self.0))?.ok_or_else(|| missing_field(FIELD.owner, "groups"))?;
        Ok((base, groups))
    }
}

/// The optimizers of the groups; none is missing after `visit_map`.
struct Named<'a, O, const COUNT: usize>(&'a Groups<O, COUNT>);

impl<'de, O: Deserialize<'de>, const COUNT: usize> DeserializeSeed<'de> for Named<'_, O, COUNT> {
    type Value = [Option<O>; COUNT];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<[Option<O>; COUNT], D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, O: Deserialize<'de>, const COUNT: usize> Visitor<'de> for Named<'_, O, COUNT> {
    type Value = [Option<O>; COUNT];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from the names of groups to their options")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<[Option<O>; COUNT], A::Error> {
        let names: [&str; COUNT] = {
            let mut names = self.0.groups().map(|(name, _)| name);
            array::from_fn(|_| names.next().unwrap_or_default())
        };
        let mut read: [Option<O>; COUNT] = array::from_fn(|_| None);
        while let Some(index) = map.next_key_seed(Group(&names))? {
            let (Some(name), Some(slot)) = (names.get(index), read.get_mut(index)) else { continue };
            if slot.is_some() {
                return Err(A::Error::custom(format_args!("the group `{name}` comes twice")));
            }
            *slot = Some(map.next_value()?);
        }
        if let Some((name, _)) = names.iter().zip(&read).find(|(_, read)| read.is_none()) {
            return Err(A::Error::custom(format_args!("the group `{name}` is missing")));
        }
        Ok(read)
    }
}

/// The position of a group by its name.
struct Group<'a>(&'a [&'static str]);

impl<'de> DeserializeSeed<'de> for Group<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Group<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a group")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let position = self.0.iter().position(|group| *group == name);
        position.ok_or_else(|| E::custom(format_args!("there is no group `{name}`")))
    }
}
