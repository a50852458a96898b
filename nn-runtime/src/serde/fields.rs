//! The fields of a map: names that are all known, each to come once.

use core::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, Visitor};

/// The position of a field's name among those of its owner.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) owner: &'static str,
    pub(super) fields: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for Field {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Field {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {} of `{}`", List(self.fields), self.owner)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let Self { owner, fields } = self;
        let position = fields.iter().position(|field| *field == name);
        position.ok_or_else(|| E::custom(format_args!("`{owner}` has no `{name}`; it has {}", List(fields))))
    }
}

/// Names, for messages.
struct List(&'static [&'static str]);

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        f.write_str(if self.0.is_empty() { "nothing" } else { "" })
    }
}

/// Which fields have come.
pub(super) struct Seen {
    field: Field,
    bits: u64,
}

impl Seen {
    pub(super) const fn none(field: Field) -> Self {
        Self { field, bits: 0 }
    }

    /// Notes that a field comes.
    pub(super) fn mark<E: Error>(&mut self, index: usize) -> Result<(), E> {
        let bit = 1_u64.checked_shl(index as u32).unwrap_or(0);
        if self.bits & bit != 0 {
            let name = self.field.fields.get(index).copied().unwrap_or_default();
            return Err(E::custom(format_args!("`{name}` of `{}` comes twice", self.field.owner)));
        }
        self.bits |= bit;
        Ok(())
    }

    /// Checks that the first `needed` fields have come.
    pub(super) fn check<E: Error>(&self, needed: usize) -> Result<(), E> {
        let Field { owner, fields } = self.field;
        let missing = fields.iter().take(needed).enumerate().find(|(index, _)| self.bits >> index & 1 == 0);
        missing.map_or(Ok(()), |(_, name)| Err(missing_field(owner, name)))
    }
}

/// That a field has not come.
pub(super) fn missing_field<E: Error>(owner: &str, name: &str) -> E {
    E::custom(format_args!("`{name}` of `{owner}` is missing"))
}
