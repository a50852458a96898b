//! The value that is written for an option, checked against its kind.

use super::{Given, Kind, OptionSpec, values_shift, word_by_position};
use crate::ast::{Argument, Expression, Value};
use crate::diagnostic::{Diagnostic, Extent};
use crate::elsewhere;
use crate::model::shape::Consts;
use crate::number::Number as _;

/// The value of an argument of `written` for an option; `None` if it uses a mistaken const.
pub fn evaluate(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    spec: &OptionSpec,
    written: &[Argument],
    argument: &Argument,
    consts: &Consts,
) -> Result<Option<Given>, Diagnostic> {
    let (name, value) = (spec.name, &argument.value);
    let wrong = || {
        let error = format!("`{name}` of `{keyword}` is {}, not {}", spec.kind.takes(), describe(value));
        let error = Diagnostic::across(value.extent(), error);
        let is_by_position = argument.name.is_none();
        let is_shifted = is_by_position && is_size_of_input(spec.kind, value);
        let known = value.word().and_then(|word| {
            let is_activation = is_by_position && elsewhere::layers::activation(&word).is_some();
            let before = || super::by_position(written).iter().take_while(|other| !std::ptr::eq(*other, argument));
            let stages = || word_by_position(keyword, specs, before(), &word);
            elsewhere::values::help(spec, &word).or_else(|| is_activation.then(stages))
        });
        match known {
            Some(known) => error.help(known),
            None if is_shifted => error.help(values_shift(keyword, specs, written)),
            None if spec.kind == Kind::Shape => error.help(format!("write all sizes in brackets: `{keyword}([8, 4])`")),
            None => error,
        }
    };
    if let Value::Expression(Expression::Name(word)) = value {
        match (spec.kind.words().iter().find(|known| word == *known), spec.kind) {
            (Some(known), _) => return Ok(Some(Given::Word(known))),
            (None, Kind::Word(_)) => return Err(wrong()),
            (None, _) => {}
        }
        let is_word = word.to_string().starts_with(char::is_lowercase) || elsewhere::values::is_word(&word.to_string());
        if is_word && !consts.has(word) {
            return Err(wrong()); // a const is in capitals
        }
    }
    let pair = |first: Option<usize>, second: Option<usize>| {
        first.zip(second).map(|(first, second)| Given::Pair([first, second]))
    };
    match (spec.kind, value) {
        (kind, Value::Expression(Expression::Float(_) | Expression::Negative(..))) if kind.is_size() => Err(wrong()),
        (Kind::Size | Kind::Pair, Value::Expression(size)) => {
            Ok(at_least_one(keyword, name, size, consts)?.map(|value| Given::Pair([value; 2])))
        }
        (Kind::SizeOrZero | Kind::PairOrZero | Kind::SizeOrSame | Kind::PairOrSame, Value::Expression(size)) => {
            Ok(consts.value(size)?.map(|value| Given::Pair([value; 2])))
        }
        (Kind::Pair, Value::Pair(first, second, _)) => {
            Ok(pair(at_least_one(keyword, name, first, consts)?, at_least_one(keyword, name, second, consts)?))
        }
        (Kind::PairOrZero | Kind::PairOrSame, Value::Pair(first, second, _)) => {
            Ok(pair(consts.value(first)?, consts.value(second)?))
        }
        (Kind::Float { least, most }, Value::Expression(number)) => match consts.value(number)? {
            Some(value) => within(keyword, name, value, [least, most], number.extent()).map(Some),
            None => Ok(None),
        },
        (Kind::Dimension, Value::Expression(dimension)) => Ok(consts.value(dimension)?.map(Given::Dimension)),
        (Kind::Shape, Value::Shape(shape)) => Ok(consts.shape(shape)?.map(Given::Shape)),
        (Kind::Bool, Value::Bool(value, _)) => Ok(Some(Given::Bool(*value))),
        _ => Err(wrong()),
    }
}

/// Whether a value is what PyTorch takes at this position: the size of the input comes first there.
fn is_size_of_input(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Bool | Kind::Word(_) => matches!(value, Value::Expression(_)),
        Kind::Float { .. } => matches!(value, Value::Shape(_) | Value::Pair(..)),
        _ => false,
    }
}

fn at_least_one(
    keyword: &syn::Ident,
    name: &str,
    size: &Expression,
    consts: &Consts,
) -> Result<Option<usize>, Diagnostic> {
    match consts.value(size)? {
        Some(0_usize) => {
            let error = format!("`{name}` of `{keyword}` is at least 1, but this is 0");
            Err(Diagnostic::across(size.extent(), error).help("write a size of 1 or more"))
        }
        value => Ok(value),
    }
}

fn within(
    keyword: &syn::Ident,
    name: &str,
    value: f64,
    [least, most]: [f64; 2],
    extent: Extent,
) -> Result<Given, Diagnostic> {
    if (least..=most).contains(&value) {
        return Ok(Given::Float(value));
    }
    let bounds = if most.is_finite() { format!("between {least} and {most}") } else { format!("at least {least}") };
    Err(Diagnostic::across(extent, format!("`{name}` of `{keyword}` is {bounds}, but this is {}", value.text())))
}

/// A value as a message names it.
fn describe(value: &Value) -> String {
    match value {
        Value::Pair(..) => "a pair".into(),
        Value::Shape(_) => "a shape".into(),
        Value::Expression(_) | Value::Bool(..) | Value::Text(..) => format!("`{value}`"),
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

    /// Whether a value may be meant for it.
    pub fn suits(self, value: &Value) -> bool {
        match self {
            Self::Bool => matches!(value, Value::Bool(..)),
            Self::Word(words) => value.word().is_some_and(|word| words.contains(&word.as_str())),
            Self::Shape => matches!(value, Value::Shape(_)),
            Self::Dimension | Self::Float { .. } => matches!(value, Value::Expression(_)),
            _ => {
                matches!(value, Value::Expression(size) if !matches!(size, Expression::Float(_)))
                    || matches!(value, Value::Pair(..))
            }
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
