//! What a layer says of an option: its name, the values that it takes, and what it is if it is not given.

use proc_macro2::Ident;

use super::value::{OptionValue, text};
use crate::diagnostic::{Diagnostic, Extent};

/// An option that a layer has.
#[derive(Clone)]
pub struct OptionSpec {
    pub name: &'static str,
    pub kind: Kind,
    pub default: Default,
    /// Set where PyTorch has another option at this position: this option and later ones then need their names.
    pub mistaken_for: Option<MistakenFor>,
}

/// What a value would be in PyTorch at the position that an option has here.
#[derive(Clone, Copy)]
pub enum MistakenFor {
    /// The option before: the size of the input comes first there.
    OptionBefore,
    /// An option that layers here do not have.
    Other(&'static str),
}

/// What values an option takes.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// A size of at least 1.
    Size,
    /// A size of at least 1 for each of height and width: `3` or `(3, 5)`.
    Pair,
    /// A size that may be 0.
    SizeOrZero,
    /// A size that may be 0 for each of height and width.
    PairOrZero,
    /// The same as `SizeOrZero`, or the word `same`.
    SizeOrSame,
    /// The same as `PairOrZero`, or the word `same`.
    PairOrSame,
    /// One of the dimensions, counted from 0, or from the end: -1 is the last.
    Dimension,
    /// A number, within the bounds.
    Float {
        least: f64,
        most: f64,
    },
    Bool,
    Shape,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// What an option is if it is not given.
#[derive(Clone)]
pub enum Default {
    Required,
    /// The value of another option.
    SameAs(&'static str),
    Value(OptionValue),
}

impl Default {
    pub const fn is_required(&self) -> bool {
        matches!(self, Self::Required)
    }
}

impl OptionSpec {
    /// The value as the option has it, if it takes it; `extent` is where it stands.
    pub fn check(&self, keyword: &Ident, value: OptionValue, extent: Extent) -> Result<OptionValue, Diagnostic> {
        match (self.kind, value) {
            (kind, OptionValue::Size(size)) if kind.is_size() => {
                self.check_size(keyword, size, extent).map(|size| kind.size(size))
            }
            (Kind::Pair | Kind::PairOrZero | Kind::PairOrSame, OptionValue::Pair(sizes)) => {
                sizes.into_iter().try_for_each(|size| self.check_size(keyword, size, extent).map(|_| ()))?;
                Ok(OptionValue::Pair(sizes))
            }
            (Kind::Float { least, most }, OptionValue::Number(number)) if number.is_finite() => {
                self.check_number(keyword, number, [least, most], extent).map(OptionValue::Number)
            }
            (kind, OptionValue::Word(word)) if kind.words().contains(&word) => Ok(OptionValue::Word(word)),
            (Kind::Dimension, value @ OptionValue::Dimension(_))
            | (Kind::Bool, value @ OptionValue::Bool(_))
            | (Kind::Shape, value @ OptionValue::Shape(_)) => Ok(value),
            (_, value) => {
                let found = match value {
                    OptionValue::Pair(_) => "a pair".into(),
                    OptionValue::Shape(_) => "a shape".into(),
                    value => format!("`{value}`"),
                };
                Err(self.wrong(keyword, &found, extent))
            }
        }
    }

    /// A value of another kind, which `found` names.
    pub fn wrong(&self, keyword: &Ident, found: &str, extent: Extent) -> Diagnostic {
        let error = format!("`{}` of `{keyword}` is {}, not {found}", self.name, self.kind.takes());
        Diagnostic::across(extent, error)
    }

    /// A size, unless it is 0 and may not be.
    pub fn check_size(&self, keyword: &Ident, size: usize, extent: Extent) -> Result<usize, Diagnostic> {
        if size > 0 || !matches!(self.kind, Kind::Size | Kind::Pair) {
            return Ok(size);
        }
        let error = format!("`{}` of `{keyword}` is at least 1, but this is 0", self.name);
        Err(Diagnostic::across(extent, error).help("write a size of 1 or more"))
    }

    fn check_number(
        &self,
        keyword: &Ident,
        number: f64,
        [least, most]: [f64; 2],
        extent: Extent,
    ) -> Result<f64, Diagnostic> {
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        let bounds = if most.is_finite() { format!("between {least} and {most}") } else { format!("at least {least}") };
        let error = format!("`{}` of `{keyword}` is {bounds}, but this is {}", self.name, text(number));
        Err(Diagnostic::across(extent, error))
    }
}

impl Kind {
    /// The words among its values.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word(words) => words,
            Self::SizeOrSame | Self::PairOrSame => &["same"],
            _ => &[],
        }
    }

    /// Whether its values are sizes.
    pub const fn is_size(self) -> bool {
        match self {
            Self::Size | Self::SizeOrZero | Self::SizeOrSame | Self::Pair | Self::PairOrZero | Self::PairOrSame => true,
            Self::Dimension | Self::Float { .. } | Self::Bool | Self::Shape | Self::Word(_) => false,
        }
    }

    /// One size as a value: it counts for height and width alike.
    pub const fn size(self, size: usize) -> OptionValue {
        match self {
            Self::Pair | Self::PairOrZero | Self::PairOrSame => OptionValue::Pair([size; 2]),
            _ => OptionValue::Size(size),
        }
    }

    /// The kind of an option that has one size where this has a pair.
    pub const fn single(self) -> Self {
        match self {
            Self::Pair => Self::Size,
            Self::PairOrZero => Self::SizeOrZero,
            Self::PairOrSame => Self::SizeOrSame,
            kind => kind,
        }
    }

    fn takes(self) -> String {
        let text = match self {
            Self::Word(words) => return format!("`{}`", words.join("` or `")),
            Self::Size | Self::SizeOrZero => "a size, such as `8`",
            Self::SizeOrSame => "a size, such as `3`, or `same`",
            Self::PairOrSame => "a size, such as `3`, a pair of height and width, such as `(3, 5)`, or `same`",
            Self::Pair | Self::PairOrZero => "a size, such as `3`, or a pair of height and width, such as `(3, 5)`",
            Self::Dimension => "a dimension, such as `0`, or `-1` for the last",
            Self::Float { .. } => "a number, such as `0.5`",
            Self::Bool => "`true` or `false`",
            Self::Shape => "a shape in brackets, such as `[8, 4]`",
        };
        text.into()
    }

    pub const fn example(self) -> &'static str {
        match self {
            Self::Size => "8",
            Self::Pair | Self::SizeOrZero | Self::PairOrZero | Self::SizeOrSame | Self::PairOrSame => "3",
            Self::Dimension => "0",
            Self::Float { .. } => "0.5",
            Self::Bool => "true",
            Self::Shape => "[8, 4]",
            Self::Word([word, ..]) => word,
            Self::Word([]) => "_",
        }
    }
}
