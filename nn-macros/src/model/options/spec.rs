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
    /// A size of at least 1 for all dimensions, or one for each of height and width.
    Scale,
    /// A size of at least 1, or a list of them: `2` or `[2, 3]`.
    Lengths,
    /// A size that may be 0.
    SizeOrZero,
    /// A size that may be 0 for each of height and width.
    PairOrZero,
    /// The same as `PairOrZero` or `SizeOrZero`, or before and after for each dimension: `[[1, 2], [0, 1]]`; or the word
    /// `same`.
    Around {
        is_pair: bool,
        may_be_same: bool,
    },
    /// One of the dimensions, counted from 0, or from the end: -1 is the last.
    Dimension,
    /// A list of dimensions.
    Dimensions,
    /// A place along a dimension, counted as dimensions are.
    Place,
    /// Before and after, for each of several dimensions.
    Sides,
    /// A number, within the bounds.
    Float {
        least: f64,
        most: f64,
    },
    Bool,
    Shape,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a value.
    Value,
}

/// What an option is if it is not given.
#[derive(Clone)]
pub enum Default {
    Required,
    /// Nothing: the layer works without it.
    Nothing,
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
            (
                Kind::Pair | Kind::Scale | Kind::PairOrZero | Kind::Around { is_pair: true, .. },
                OptionValue::Pair(sizes),
            ) => {
                sizes.into_iter().try_for_each(|size| self.check_size(keyword, size, extent).map(|_| ()))?;
                Ok(OptionValue::Pair(sizes))
            }
            (Kind::Float { least, most }, OptionValue::Number(number)) if number.is_finite() => {
                self.check_number(keyword, number, [least, most], extent).map(OptionValue::Number)
            }
            (kind, OptionValue::Word(word)) if kind.words().contains(&word) => Ok(OptionValue::Word(word)),
            (Kind::Around { is_pair, .. }, OptionValue::Sides(sides)) => {
                self.check_sides(keyword, sides, is_pair, extent).map(OptionValue::Sides)
            }
            (Kind::Dimension | Kind::Place, value @ OptionValue::Dimension(_))
            | (Kind::Dimensions, value @ OptionValue::Dimensions(_))
            | (Kind::Sides, value @ OptionValue::Sides(_))
            | (Kind::Bool, value @ OptionValue::Bool(_))
            | (Kind::Shape | Kind::Lengths, value @ OptionValue::Shape(_))
            | (Kind::Value, value @ OptionValue::Name(_)) => Ok(value),
            (_, value) => {
                let found = match value {
                    OptionValue::Pair(_) => "a pair".into(),
                    OptionValue::Shape(_) => "a shape".into(),
                    OptionValue::Dimensions(_) | OptionValue::Sides(_) => "a list".into(),
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
        if size > 0 || !matches!(self.kind, Kind::Size | Kind::Pair | Kind::Scale | Kind::Lengths) {
            return Ok(size);
        }
        let error = format!("`{}` of `{keyword}` is at least 1, but this is 0", self.name);
        Err(Diagnostic::across(extent, error).help("write a size of 1 or more"))
    }

    /// Before and after, if they are given for each of height and width, or for the length.
    fn check_sides(
        &self,
        keyword: &Ident,
        sides: Vec<[usize; 2]>,
        is_pair: bool,
        extent: Extent,
    ) -> Result<Vec<[usize; 2]>, Diagnostic> {
        let dimensions = if is_pair { "height and width" } else { "the length" };
        if sides.len() == if is_pair { 2 } else { 1 } {
            return Ok(sides);
        }
        let error =
            format!("`{}` of `{keyword}` is before and after for {dimensions}, but this is `{sides:?}`", self.name);
        Err(Diagnostic::across(extent, error).help(format!("write `{} = {}`", self.name, self.kind.sides())))
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
            Self::Around { may_be_same: true, .. } => &["same"],
            _ => &[],
        }
    }

    /// Whether its values are sizes.
    pub const fn is_size(self) -> bool {
        match self {
            Self::Size
            | Self::Lengths
            | Self::SizeOrZero
            | Self::Pair
            | Self::Scale
            | Self::PairOrZero
            | Self::Around { .. } => true,
            Self::Dimension
            | Self::Dimensions
            | Self::Place
            | Self::Sides
            | Self::Float { .. }
            | Self::Bool
            | Self::Shape
            | Self::Word(_)
            | Self::Value => false,
        }
    }

    /// One size as a value: it counts for height and width alike.
    pub const fn size(self, size: usize) -> OptionValue {
        match self {
            Self::Pair | Self::PairOrZero | Self::Around { is_pair: true, .. } => OptionValue::Pair([size; 2]),
            _ => OptionValue::Size(size),
        }
    }

    /// The kind of an option that has one size where this has a pair.
    pub const fn single(self) -> Self {
        match self {
            Self::Pair => Self::Size,
            Self::PairOrZero => Self::SizeOrZero,
            Self::Around { may_be_same, .. } => Self::Around { is_pair: false, may_be_same },
            kind => kind,
        }
    }

    fn takes(self) -> String {
        let text = match self {
            Self::Word([rest @ .., last]) if rest.len() > 1 => return format!("`{}`, or `{last}`", rest.join("`, `")),
            Self::Word(words) => return format!("`{}`", words.join("` or `")),
            Self::Size | Self::SizeOrZero => "a size, such as `8`",
            Self::Around { is_pair, may_be_same } => {
                let pair = if is_pair { " a pair of height and width, such as `(3, 5)`," } else { "" };
                let [or, word] = if may_be_same { ["", ", or `same`"] } else { [" or", ""] };
                return format!(
                    "a size, such as `3`,{pair}{or} sizes before and after, such as `{}`{word}",
                    self.sides()
                );
            }
            Self::Lengths => "a size, such as `2`, or a list of sizes, such as `[2, 3]`",
            Self::Scale => "a whole factor, such as `2`, or a pair for height and width, such as `(2, 3)`",
            Self::Pair | Self::PairOrZero => "a size, such as `3`, or a pair of height and width, such as `(3, 5)`",
            Self::Dimension => "a dimension, such as `0`, or `-1` for the last",
            Self::Dimensions => "a list of dimensions in brackets, such as `[1, 0]`",
            Self::Place => "a place, such as `0`, or `-1` for the last",
            Self::Sides => "a list of what is added before and after, such as `[[1, 2], [0, 1]]`",
            Self::Float { .. } => "a number, such as `0.5`",
            Self::Bool => "`true` or `false`",
            Self::Shape => "a shape in brackets, such as `[8, 4]`",
            Self::Value => "the name of an input or of an earlier stage",
        };
        text.into()
    }

    /// An example of what is added before and after.
    pub const fn sides(self) -> &'static str {
        if matches!(self, Self::Around { is_pair: true, .. }) { "[[1, 2], [0, 1]]" } else { "[[1, 2]]" }
    }

    pub const fn example(self) -> &'static str {
        match self {
            Self::Size => "8",
            Self::Scale | Self::Lengths => "2",
            Self::Pair | Self::SizeOrZero | Self::PairOrZero | Self::Around { .. } => "3",
            Self::Dimension | Self::Place => "0",
            Self::Dimensions => "[1, 0]",
            Self::Sides => "[[1, 2], [0, 1]]",
            Self::Float { .. } => "0.5",
            Self::Bool => "true",
            Self::Shape => "[8, 4]",
            Self::Word([word, ..]) => word,
            Self::Word([]) => "_",
            Self::Value => "value",
        }
    }
}
