//! The keys by which a layer lists its options, and reads them.

use std::marker::PhantomData;

use proc_macro2::Ident;

use super::spec::{Default, Kind, MistakenFor, OptionSpec};
use super::value::{Around, Dimension, Lengths, OptionValue, OrEpsilon, Sizes, Word};
use crate::model::shape::Shape;

/// An option's name, with the type `V` in which it is read.
///
/// A layer makes its list of options of its keys, each with what it is if it is not given, as in
/// `&[OUT_FEATURES.required(), BIAS.or(true)]`, and reads `options.get(&BIAS)`.
pub struct Key<V> {
    pub name: &'static str,
    kind: Kind,
    mistaken_for: Option<MistakenFor>,
    value: PhantomData<V>,
}

impl<V> Key<V> {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, mistaken_for: None, value: PhantomData }
    }

    /// The option, and those after it in the list, only by name.
    pub const fn by_name(self, mistaken_for: MistakenFor) -> Self {
        Self { mistaken_for: Some(mistaken_for), ..self }
    }

    pub const fn required(self) -> OptionSpec {
        self.spec(Default::Required)
    }

    /// The value of another option, if it is not given.
    pub const fn or_same_as(self, other: &Self) -> OptionSpec {
        self.spec(Default::SameAs(other.name))
    }

    const fn spec(self, default: Default) -> OptionSpec {
        OptionSpec { name: self.name, kind: self.kind, default, mistaken_for: self.mistaken_for }
    }
}

impl Key<usize> {
    /// A size of at least 1.
    pub const fn size(name: &'static str) -> Self {
        Self::new(name, Kind::Size)
    }

    pub const fn or(self, size: usize) -> OptionSpec {
        let value = self.kind.size(size);
        self.spec(Default::Value(value))
    }
}

impl Key<Lengths> {
    /// A size of at least 1 for all parts, or a list of one for each.
    pub const fn lengths(name: &'static str) -> Self {
        Self::new(name, Kind::Lengths)
    }
}

impl Key<Sizes> {
    /// A size of at least 1 for each of height and width.
    pub const fn sizes(name: &'static str) -> Self {
        Self::new(name, Kind::Pair)
    }

    /// A size that may be 0 for each of height and width.
    pub const fn sizes_or_zero(name: &'static str) -> Self {
        Self::new(name, Kind::PairOrZero)
    }

    /// A size of at least 1 for all dimensions, or one for each of height and width.
    pub const fn scale(name: &'static str) -> Self {
        Self::new(name, Kind::Scale)
    }

    /// The option of a layer on signals, which have no height.
    pub const fn single(self) -> Self {
        Self { kind: self.kind.single(), ..self }
    }

    pub const fn or(self, size: usize) -> OptionSpec {
        let value = self.kind.size(size);
        self.spec(Default::Value(value))
    }
}

impl Key<Around> {
    /// A size that may be 0 for each of height and width, or one before and one after.
    pub const fn around(name: &'static str) -> Self {
        Self::new(name, Kind::Around { is_pair: true, may_be_same: false })
    }

    /// The same, or the word `same`.
    pub const fn around_or_same(name: &'static str) -> Self {
        Self::new(name, Kind::Around { is_pair: true, may_be_same: true })
    }

    /// The option of a layer on signals, which have no height.
    pub const fn single(self) -> Self {
        Self { kind: self.kind.single(), ..self }
    }

    pub const fn or(self, size: usize) -> OptionSpec {
        let value = self.kind.size(size);
        self.spec(Default::Value(value))
    }
}

impl Key<Dimension> {
    pub const fn dimension(name: &'static str) -> Self {
        Self::new(name, Kind::Dimension)
    }

    /// A place along a dimension.
    pub const fn place(name: &'static str) -> Self {
        Self::new(name, Kind::Place)
    }

    pub const fn or(self, dimension: isize) -> OptionSpec {
        self.spec(Default::Value(OptionValue::Dimension(dimension)))
    }
}

impl Key<Vec<Dimension>> {
    pub const fn dimensions(name: &'static str) -> Self {
        Self::new(name, Kind::Dimensions)
    }
}

impl Key<Vec<[usize; 2]>> {
    /// What is added before and after, for each of several dimensions.
    pub const fn sides(name: &'static str) -> Self {
        Self::new(name, Kind::Sides)
    }
}

impl Key<f64> {
    pub const fn number(name: &'static str) -> Self {
        Self::number_between(name, f64::NEG_INFINITY, f64::INFINITY)
    }

    pub const fn number_between(name: &'static str, least: f64, most: f64) -> Self {
        Self::new(name, Kind::Float { least, most })
    }

    pub const fn or(self, number: f64) -> OptionSpec {
        self.spec(Default::Value(OptionValue::Number(number)))
    }
}

impl Key<OrEpsilon> {
    /// A number that is not negative.
    pub const fn number_or_epsilon(name: &'static str) -> Self {
        Self::new(name, Kind::Float { least: 0.0, most: f64::INFINITY })
    }

    pub const fn or_epsilon(self) -> OptionSpec {
        self.spec(Default::Value(OptionValue::Epsilon))
    }
}

impl Key<bool> {
    pub const fn bool(name: &'static str) -> Self {
        Self::new(name, Kind::Bool)
    }

    pub const fn or(self, value: bool) -> OptionSpec {
        self.spec(Default::Value(OptionValue::Bool(value)))
    }
}

impl Key<Shape> {
    pub const fn shape(name: &'static str) -> Self {
        Self::new(name, Kind::Shape)
    }
}

impl Key<Ident> {
    /// The name of a value.
    pub const fn value(name: &'static str) -> Self {
        Self::new(name, Kind::Value)
    }

    pub const fn or_nothing(self) -> OptionSpec {
        self.spec(Default::Nothing)
    }
}

impl Key<Word> {
    /// One of these words.
    pub const fn word(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::new(name, Kind::Word(words))
    }

    pub const fn or(self, word: &'static str) -> OptionSpec {
        self.spec(Default::Value(OptionValue::Word(word)))
    }
}
