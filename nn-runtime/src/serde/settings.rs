//! The settings of optimizers: maps of PyTorch's options, those that are left out as they are by default.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fields::{Field, Seen, missing_field};
use super::number::NumberSeed;
use crate::OptionError;
use crate::optim::{Adagrad, Adam, AdamW, Lion, NAdam, Optimizer, RmsProp, RmsPropMomentum, Sgd, SgdMomentum};
use crate::scalar::Dtype;

/// An option of an optimizer.
enum Setting<'a> {
    Number(&'a mut f64),
    Pair(&'a mut (f64, f64)),
    Flag(&'a mut bool),
    /// A flag that the type decides.
    Fixed(bool),
}

impl<'a> From<&'a mut f64> for Setting<'a> {
    fn from(value: &'a mut f64) -> Self {
        Self::Number(value)
    }
}

impl<'a> From<&'a mut (f64, f64)> for Setting<'a> {
    fn from(value: &'a mut (f64, f64)) -> Self {
        Self::Pair(value)
    }
}

impl<'a> From<&'a mut bool> for Setting<'a> {
    fn from(value: &'a mut bool) -> Self {
        Self::Flag(value)
    }
}

/// An optimizer as its options.
trait Settings: Copy {
    const FIELD: Field;
    /// How many of the options, the first ones, have no default.
    const NEEDED: usize;

    /// The defaults; the options that have none are any value.
    fn defaults() -> Self;

    fn setting(&mut self, index: usize) -> Option<Setting<'_>>;

    fn check(&self) -> Result<(), OptionError>;
}

macro_rules! settings {
    ($($optimizer:ty: $name:literal = $defaults:expr, [$($needed:ident),*], [$($option:ident),*] $(, $fixed:ident = $value:literal)?;)*) => {$(
        impl Settings for $optimizer {
            const FIELD: Field =
                Field { owner: $name, fields: &[$(stringify!($needed),)* $(stringify!($option),)* $(stringify!($fixed))?] };
            const NEEDED: usize = [$(stringify!($needed)),*].len();

            fn defaults() -> Self {
                $defaults
            }

            fn setting(&mut self, index: usize) -> Option<Setting<'_>> {
                let field = Self::FIELD.fields.get(index).copied()?;
                $(if field == stringify!($needed) {
                    return Some((&mut self.$needed).into());
                })*
                $(if field == stringify!($option) {
                    return Some((&mut self.$option).into());
                })*
                $(if field == stringify!($fixed) {
                    return Some(Setting::Fixed($value));
                })?
                None
            }

            fn check(&self) -> Result<(), OptionError> {
                Optimizer::<f64>::check_options(self)
            }
        }

        impl Serialize for $optimizer {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(*self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $optimizer {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let Field { owner, fields } = Self::FIELD;
                deserializer.deserialize_struct(owner, fields, Reading(PhantomData))
            }
        }
    )*};
}

settings! {
    Sgd: "Sgd" = Self::new(0.0), [lr], [weight_decay];
    SgdMomentum: "SgdMomentum" = Sgd::new(0.0).momentum(0.0), [lr, momentum], [dampening, weight_decay, nesterov];
    Adam: "Adam" = Self::new(0.0), [lr], [betas, eps, weight_decay];
    AdamW: "AdamW" = Self::new(0.0), [lr], [betas, eps, weight_decay];
    NAdam: "NAdam" = Self::new(0.0), [lr], [betas, eps, weight_decay, momentum_decay, decoupled_weight_decay];
    RmsProp<false>: "RmsProp" = RmsProp::new(0.0), [lr], [alpha, eps, weight_decay], centered = false;
    RmsProp<true>: "RmsProp" = RmsProp::new(0.0).centered(), [lr], [alpha, eps, weight_decay], centered = true;
    RmsPropMomentum<false>: "RmsPropMomentum" = RmsProp::new(0.0).momentum(0.0),
        [lr, momentum], [alpha, eps, weight_decay], centered = false;
    RmsPropMomentum<true>: "RmsPropMomentum" = RmsProp::new(0.0).centered().momentum(0.0),
        [lr, momentum], [alpha, eps, weight_decay], centered = true;
    Adagrad: "Adagrad" = Self::new(0.0), [lr], [lr_decay, weight_decay, initial_accumulator_value, eps];
    Lion: "Lion" = Self::new(0.0), [lr], [betas, weight_decay];
}

fn serialize<O: Settings, S: Serializer>(mut optimizer: O, serializer: S) -> Result<S::Ok, S::Error> {
    optimizer.check().map_err(S::Error::custom)?;
    let Field { owner, fields } = O::FIELD;
    let mut map = serializer.serialize_struct(owner, fields.len())?;
    for (index, &field) in fields.iter().enumerate() {
        match optimizer.setting(index) {
            Some(Setting::Number(value)) => map.serialize_field(field, value)?,
            Some(Setting::Pair(value)) => map.serialize_field(field, value)?,
            Some(Setting::Flag(value)) => map.serialize_field(field, value)?,
            Some(Setting::Fixed(value)) => map.serialize_field(field, &value)?,
            None => {}
        }
    }
    map.end()
}

/// The options of an optimizer, to be read.
struct Reading<O>(PhantomData<O>);

impl<'de, O: Settings> Visitor<'de> for Reading<O> {
    type Value = O;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the options of `{}`", O::FIELD.owner)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<O, A::Error> {
        let (mut optimizer, mut seen) = (O::defaults(), Seen::none(O::FIELD));
        while let Some(index) = map.next_key_seed(O::FIELD)? {
            seen.mark(index)?;
            map.next_value_seed(Value::of(&mut optimizer, index))?;
        }
        seen.check(O::NEEDED)?;
        optimizer.check().map_err(A::Error::custom)?;
        Ok(optimizer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<O, A::Error> {
        let mut optimizer = O::defaults();
        let Field { owner, fields } = O::FIELD;
        for (index, name) in fields.iter().enumerate() {
            list.next_element_seed(Value::of(&mut optimizer, index))?.ok_or_else(|| missing_field(owner, name))?;
        }
        optimizer.check().map_err(A::Error::custom)?;
        Ok(optimizer)
    }
}

/// The value of an option, to be read.
struct Value<'a> {
    name: Name,
    setting: Option<Setting<'a>>,
}

/// The name of an option, for messages.
#[derive(Clone, Copy)]
struct Name(Field, usize);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Field { owner, fields }, index) = self;
        write!(f, "`{}` of `{owner}`", fields.get(*index).copied().unwrap_or_default())
    }
}

impl<'a> Value<'a> {
    fn of<O: Settings>(optimizer: &'a mut O, index: usize) -> Self {
        Self { name: Name(O::FIELD, index), setting: optimizer.setting(index) }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let name = self.name;
        match self.setting {
            Some(Setting::Number(value)) => *value = NumberSeed(Dtype::F64, name).deserialize(deserializer)?,
            Some(Setting::Pair(value)) => *value = deserializer.deserialize_tuple(2, Pair(name))?,
            Some(Setting::Flag(value)) => *value = deserializer.deserialize_bool(Flag(name))?,
            Some(Setting::Fixed(value)) => {
                let found = deserializer.deserialize_bool(Flag(name))?;
                if found != value {
                    let text = format_args!("{name} is {found}, but {value} by its type");
                    return Err(D::Error::custom(text));
                }
            }
            None => {}
        }
        Ok(())
    }
}

struct Pair(Name);

impl<'de> Visitor<'de> for Pair {
    type Value = (f64, f64);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "two numbers for {}", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(f64, f64), A::Error> {
        let mut next = |len| {
            let value = list.next_element_seed(NumberSeed(Dtype::F64, self.0))?;
            value.ok_or_else(|| A::Error::invalid_length(len, &self))
        };
        Ok((next(0)?, next(1)?))
    }
}

struct Flag(Name);

impl Visitor<'_> for Flag {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`true` or `false` for {}", self.0)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }
}
