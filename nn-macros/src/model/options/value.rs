//! The values of options, and the types in which layers read them.

use std::fmt;

use proc_macro2::Ident;

use crate::model::shape::Shape;

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionValue {
    Size(usize),
    /// A size for each of height and width.
    Pair([usize; 2]),
    /// A dimension or a place along one, counted from 0, or from the end: -1 is the last.
    Dimension(isize),
    /// A list of dimensions.
    Dimensions(Vec<isize>),
    /// What is added before and after, for each of several dimensions.
    Sides(Vec<[usize; 2]>),
    Number(f64),
    /// The machine epsilon of the type that the network computes in.
    Epsilon,
    Bool(bool),
    Shape(Shape),
    Word(&'static str),
    /// The name of a value.
    Name(Ident),
    /// A value, by its place among those that the layer takes: the input has place 0.
    Operand(usize),
}

/// As the table of layers prints it.
impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(size) => size.fmt(f),
            Self::Pair([height, width]) => write!(f, "({height}, {width})"),
            Self::Dimension(dimension) => dimension.fmt(f),
            Self::Dimensions(dimensions) => write!(f, "{dimensions:?}"),
            Self::Sides(sides) => write!(f, "{sides:?}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Epsilon => f.write_str("epsilon"),
            Self::Bool(value) => value.fmt(f),
            Self::Shape(shape) => shape.fmt(f),
            Self::Word(word) => f.write_str(word),
            Self::Name(name) => name.fmt(f),
            Self::Operand(place) => write!(f, "input {place}"),
        }
    }
}

/// A number as a message shows it.
pub fn text(number: f64) -> String {
    let is_long = number != 0.0 && !(1e-5..1e16).contains(&number.abs());
    if is_long { format!("{number:e}") } else { number.to_string() }
}

/// A type in which the value of an option is read.
pub trait OptionType: Sized {
    /// The value, if it is one of this type.
    fn read(value: &OptionValue) -> Option<Self>;
}

/// A size over a signal, or one for each of height and width over an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sizes {
    Single(usize),
    Pair([usize; 2]),
}

impl Sizes {
    /// The sizes along height and width. A signal is an image without a height, along which the size is `idle`.
    pub const fn along_both(self, idle: usize) -> [usize; 2] {
        match self {
            Self::Single(width) => [idle, width],
            Self::Pair(sizes) => sizes,
        }
    }
}

/// What is added around a signal or an image.
#[derive(Clone, Debug, PartialEq)]
pub enum Around {
    /// As much on both sides.
    Sizes(Sizes),
    /// Before and after, for each of height and width, or for the length.
    Sides(Vec<[usize; 2]>),
    /// The word `same`.
    Same,
}

impl Around {
    /// Before and after, along height and width; `None` for `same`. A signal is an image without a height.
    pub fn along_both(&self) -> Option<[[usize; 2]; 2]> {
        match self {
            Self::Sizes(sizes) => Some(sizes.along_both(0).map(|size| [size; 2])),
            Self::Sides(sides) => match **sides {
                [height, width] => Some([height, width]),
                [length] => Some([[0; 2], length]),
                _ => None,
            },
            Self::Same => None,
        }
    }
}

/// The lengths of the parts of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Lengths {
    /// Of each, but for the last, which may be shorter.
    Each(usize),
    All(Vec<usize>),
}

/// A number, or the machine epsilon of the type that the network computes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OrEpsilon {
    Number(f64),
    Epsilon,
}

/// A dimension or a place along one, counted from 0, or from the end: -1 is the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dimension(pub isize);

impl Dimension {
    /// Its index among so many, if there is one.
    pub fn index(self, count: usize) -> Option<usize> {
        let index = if self.0 < 0 { count.checked_add_signed(self.0) } else { self.0.try_into().ok() };
        index.filter(|index| *index < count)
    }
}

/// One of the words that an option takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word(&'static str);

impl Word {
    pub const fn text(self) -> &'static str {
        self.0
    }

    /// The name of the type, or of an enum's variant, of this word: `Tanh` for `tanh`.
    pub fn variant(self) -> proc_macro2::Ident {
        let mut letters = self.0.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        quote::format_ident!("{}", first.into_iter().chain(letters).collect::<String>())
    }
}

impl OptionType for usize {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Size(size) = value { Some(*size) } else { None }
    }
}

impl OptionType for Lengths {
    fn read(value: &OptionValue) -> Option<Self> {
        match value {
            OptionValue::Size(size) => Some(Self::Each(*size)),
            OptionValue::Shape(sizes) => Some(Self::All(sizes.sizes().to_vec())),
            _ => None,
        }
    }
}

impl OptionType for Sizes {
    fn read(value: &OptionValue) -> Option<Self> {
        match value {
            OptionValue::Size(size) => Some(Self::Single(*size)),
            OptionValue::Pair(sizes) => Some(Self::Pair(*sizes)),
            _ => None,
        }
    }
}

impl OptionType for Around {
    fn read(value: &OptionValue) -> Option<Self> {
        match value {
            OptionValue::Word(_) => Some(Self::Same),
            OptionValue::Sides(sides) => Some(Self::Sides(sides.clone())),
            value => Sizes::read(value).map(Self::Sizes),
        }
    }
}

impl OptionType for Vec<Dimension> {
    fn read(value: &OptionValue) -> Option<Self> {
        match value {
            OptionValue::Dimensions(dimensions) => Some(dimensions.iter().copied().map(Dimension).collect()),
            _ => None,
        }
    }
}

impl OptionType for Vec<[usize; 2]> {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Sides(sides) = value { Some(sides.clone()) } else { None }
    }
}

impl OptionType for Dimension {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Dimension(dimension) = value { Some(Self(*dimension)) } else { None }
    }
}

impl OptionType for f64 {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Number(number) = value { Some(*number) } else { None }
    }
}

impl OptionType for OrEpsilon {
    fn read(value: &OptionValue) -> Option<Self> {
        match value {
            OptionValue::Number(number) => Some(Self::Number(*number)),
            OptionValue::Epsilon => Some(Self::Epsilon),
            _ => None,
        }
    }
}

impl OptionType for bool {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Bool(value) = value { Some(*value) } else { None }
    }
}

impl OptionType for Shape {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Shape(shape) = value { Some(shape.clone()) } else { None }
    }
}

impl OptionType for Word {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Word(word) = value { Some(Self(word)) } else { None }
    }
}

impl OptionType for Ident {
    fn read(value: &OptionValue) -> Option<Self> {
        if let OptionValue::Name(name) = value { Some(name.clone()) } else { None }
    }
}
