//! What a training run is continued from: the number of steps, the seed, and the optimizer state.

use core::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fields::{Field, Seen, missing_field};
use super::values::{Part, Values, ValuesMut};
use super::{DeserializeIn, by_value};
use crate::network::{LayerInfo, Trainable};
use crate::optim::{Optimizer, scalars_mut};
use crate::scalar::Scalar;
use crate::train::Training;

const FIELD: Field = Field { owner: "Training", fields: &["step", "seed", "state"] };

/// The field that has the optimizer state.
const STATE: &str = "state";

/// The layout of an optimizer state: a network of `len` values under each name, in memory order, without gaps.
#[derive(Clone, Copy)]
struct StateLayout {
    names: &'static [&'static str],
    layers: &'static [LayerInfo],
    len: usize,
}

impl StateLayout {
    fn new<N, O>() -> Self
    where
        N: Trainable,
        O: Optimizer<N::Scalar>,
    {
        const {
            assert!(
                size_of::<O::State<N::Parameters>>() == O::STATE_NAMES.len() * size_of::<N::Parameters>(),
                "the optimizer's `STATE_NAMES` must have a name for each network of its `State`"
            );
        }
        Self { names: O::STATE_NAMES, layers: N::LAYERS, len: size_of::<N::Parameters>() / size_of::<N::Scalar>() }
    }

    fn range(self, index: usize) -> core::ops::Range<usize> {
        index * self.len..(index + 1) * self.len
    }
}

/// An optimizer state, to be written.
struct State<'a, T>(StateLayout, &'a [T]);

impl<T: Scalar> Serialize for State<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self(layout @ StateLayout { names, layers, .. }, values) = self;
        let part = |index, name| {
            let values = values.get(layout.range(index)).unwrap_or_default();
            Values { part: Part::state(layers, name), values }
        };
        let mut fields = serializer.serialize_struct(STATE, names.len())?;
        for (index, &name) in names.iter().enumerate() {
            fields.serialize_field(name, &part(index, name))?;
        }
        fields.end()
    }
}

/// An optimizer state, to be read.
struct StateMut<'a, T>(StateLayout, &'a mut [T]);

impl<T: Scalar> StateMut<'_, T> {
    fn part(&mut self, index: usize, name: &'static str) -> ValuesMut<'_, T> {
        let values = self.1.get_mut(self.0.range(index)).unwrap_or_default();
        ValuesMut { part: Part::state(self.0.layers, name), values }
    }
}

impl<'de, T: Scalar> DeserializeSeed<'de> for StateMut<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_struct(STATE, self.0.names, self)
    }
}

impl<'de, T: Scalar> Visitor<'de> for StateMut<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the optimizer remembers")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let fields = self.0.names;
        let field = Field { owner: STATE, fields };
        let mut seen = Seen::none(field);
        while let Some(index) = map.next_key_seed(field)? {
            seen.mark(index)?;
            let name = fields.get(index).copied().unwrap_or_default();
            map.next_value_seed(self.part(index, name))?;
        }
        seen.check(fields.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut tuple: A) -> Result<(), A::Error> {
        for (index, &name) in self.0.names.iter().enumerate() {
            tuple.next_element_seed(self.part(index, name))?.ok_or_else(|| missing_field(STATE, name))?;
        }
        Ok(())
    }
}

impl<N, O, const BATCH: usize> Serialize for Training<N, O, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let state: &[N::Scalar] = bytemuck::try_cast_slice(bytemuck::bytes_of(&self.state)).unwrap_or_default();
        let mut fields = serializer.serialize_struct(FIELD.owner, FIELD.fields.len())?;
        fields.serialize_field("step", &self.steps)?;
        fields.serialize_field("seed", &self.seed)?;
        fields.serialize_field("state", &State(StateLayout::new::<N, O>(), state))?;
        fields.end()
    }
}

/// Above [`STACK_BYTES`](crate::STACK_BYTES) it does not compile: use [`DeserializeIn`] or [`boxed`](super::boxed).
impl<'de, N, O, const BATCH: usize> Deserialize<'de> for Training<N, O, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_value(deserializer)
    }
}

impl<N, O, const BATCH: usize> DeserializeIn for Training<N, O, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    fn deserialize_in<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let Self { state, steps, seed, .. } = self;
        bytemuck::write_zeroes(state);
        (*steps, *seed) = (0, 0);
        let layout = StateLayout::new::<N, O>();
        let run = Run { layout, state: scalars_mut::<N::Scalar, _>(state), steps, seed };
        let result = deserializer.deserialize_struct(FIELD.owner, FIELD.fields, run);
        if result.is_err() {
            bytemuck::write_zeroes(state);
            (*steps, *seed) = (0, 0);
        }
        result
    }
}

/// A training run that is read.
struct Run<'a, T> {
    layout: StateLayout,
    state: &'a mut [T],
    steps: &'a mut u64,
    seed: &'a mut u64,
}

impl<'de, T: Scalar> Visitor<'de> for Run<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a training run with `step`, `seed` and `state`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = Seen::none(FIELD);
        while let Some(index) = map.next_key_seed(FIELD)? {
            seen.mark(index)?;
            match index {
                0 => *self.steps = map.next_value()?,
                1 => *self.seed = map.next_value()?,
                _ => map.next_value_seed(StateMut(self.layout, self.state))?,
            }
        }
        seen.check(FIELD.fields.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut tuple: A) -> Result<(), A::Error> {
        let missing = |name| missing_field(FIELD.owner, name);
        *self.steps = tuple.next_element()?.ok_or_else(|| missing("step"))?;
        *self.seed = tuple.next_element()?.ok_or_else(|| missing("seed"))?;
        tuple.next_element_seed(StateMut(self.layout, self.state))?.ok_or_else(|| missing("state"))?;
        Ok(())
    }
}
