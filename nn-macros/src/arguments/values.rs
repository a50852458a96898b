//! The value that is written for an option, in the type that the option's kind says.

use super::Matching;
use crate::ast::{Argument, Expression, Shape, Value};
use crate::diagnostic::Diagnostic;
use crate::elsewhere;
use crate::model::options::{Kind, OptionSpec, OptionValue};
use crate::number::Number;

impl Matching<'_> {
    /// The value of an argument for an option, whose own rules are not checked yet; `None` if it uses a mistaken const.
    pub fn evaluate(&self, spec: &OptionSpec, argument: &Argument) -> Result<Option<OptionValue>, Diagnostic> {
        let (value, consts) = (&argument.value, self.consts);
        if let (Kind::Value, Value::Expression(Expression::Name(name))) = (spec.kind, value) {
            return Ok(Some(OptionValue::Name(name.clone())));
        }
        if let Value::Expression(Expression::Name(word)) = value {
            if let Some(known) = spec.kind.words().iter().find(|known| word == *known) {
                return Ok(Some(OptionValue::Word(known)));
            }
            let written = word.to_string();
            let is_word = written.starts_with(char::is_lowercase) || elsewhere::values::is_word(&written);
            if matches!(spec.kind, Kind::Word(_)) || is_word && !consts.has(word) {
                return Err(self.wrong(spec, argument)); // a const is in capitals
            }
        }
        match (spec.kind, value) {
            (kind, Value::Expression(Expression::Float(_) | Expression::Negative(..))) if kind.is_size() => {
                Err(self.wrong(spec, argument))
            }
            (kind, Value::Expression(size)) if kind.is_size() => Ok(consts.value(size)?.map(OptionValue::Size)),
            (
                Kind::Pair | Kind::Scale | Kind::PairOrZero | Kind::Around { is_pair: true, .. },
                Value::Pair(first, second, _),
            ) => {
                let [first, second] = [self.size(spec, first)?, self.size(spec, second)?];
                Ok(first.zip(second).map(|(first, second)| OptionValue::Pair([first, second])))
            }
            (Kind::Float { .. }, Value::Expression(number)) => Ok(consts.value(number)?.map(OptionValue::Number)),
            (Kind::Dimension | Kind::Place, Value::Expression(dimension)) => {
                Ok(consts.value(dimension)?.map(OptionValue::Dimension))
            }
            (Kind::Dimensions, Value::Shape(list)) => Ok(self.numbers(list)?.map(OptionValue::Dimensions)),
            (Kind::Around { .. } | Kind::Sides, Value::Lists(lists, _)) => {
                let sides: Option<Vec<_>> =
                    lists.iter().map(|list| self.sides(spec, list)).collect::<Result<_, _>>()?;
                Ok(sides.map(OptionValue::Sides))
            }
            (Kind::Shape | Kind::Lengths, Value::Shape(shape)) => Ok(consts.shape(shape)?.map(OptionValue::Shape)),
            (Kind::Bool, Value::Bool(value, _)) => Ok(Some(OptionValue::Bool(*value))),
            _ => Err(self.wrong(spec, argument)),
        }
    }

    /// The numbers of a list; `None` if one of them uses a mistaken const.
    fn numbers<N: Number>(&self, list: &Shape) -> Result<Option<Vec<N>>, Diagnostic> {
        list.sizes.iter().map(|number| self.consts.value(number)).collect()
    }

    /// What is added before and after along a dimension.
    fn sides(&self, spec: &OptionSpec, list: &Shape) -> Result<Option<[usize; 2]>, Diagnostic> {
        if list.sizes.len() != 2 {
            let (keyword, len) = (self.keyword, list.sizes.len());
            let error = format!("`{}` of `{keyword}` has two sizes for a dimension, but this has {len}", spec.name);
            return Err(Diagnostic::new(list.span, error).help("write what is added before and after: `[1, 2]`"));
        }
        Ok(self.numbers(list)?.and_then(|sides| <[usize; 2]>::try_from(sides).ok()))
    }

    /// One of several sizes, checked here to point at it alone.
    fn size(&self, spec: &OptionSpec, size: &Expression) -> Result<Option<usize>, Diagnostic> {
        let checked = |value| spec.check_size(self.keyword, value, size.extent());
        self.consts.value(size)?.map(checked).transpose()
    }

    /// Whether the size of the input may come before the first option in PyTorch.
    fn has_size_before(&self) -> bool {
        let first = self.specs.first().map_or("", |spec| spec.name);
        !["kernel_size", "scale_factor", "pad", "dim", "dims", "chunks", "split_size_or_sections"].contains(&first)
    }

    /// A value of another kind than the option's.
    fn wrong(&self, spec: &OptionSpec, argument: &Argument) -> Diagnostic {
        let value = &argument.value;
        let error = spec.wrong(self.keyword, &describe(spec.kind, value), value.extent());
        let is_by_position = argument.name.is_none();
        let has_values = self.specs.iter().any(|spec| spec.kind == Kind::Value);
        let is_unknown_word = |word: &String| {
            let is_activation = elsewhere::layers::activation(word).is_some();
            !is_activation && !elsewhere::values::is_word(word) && elsewhere::values::help(spec, word).is_none()
        };
        if is_by_position && has_values && value.word().is_some_and(|word| is_unknown_word(&word)) {
            return error.help(format!("{}, if you mean a value of the network", self.name_of_value(value)));
        }
        let known = value.word().and_then(|word| {
            let is_activation = is_by_position && elsewhere::layers::activation(&word).is_some();
            let before = || self.by_position().iter().take_while(|other| !std::ptr::eq(*other, argument));
            let stages = || self.word_by_position(before(), &word);
            elsewhere::values::help(spec, &word).or_else(|| is_activation.then(stages))
        });
        match known {
            Some(known) => error.help(known),
            None if is_by_position && self.has_size_before() && is_size_of_input(spec.kind, value) => {
                error.help(self.values_shift())
            }
            None => match (spec.kind, value) {
                (Kind::Value, _) => {
                    error.help(format!("give the value a name, and write that: `{} = name`", spec.name))
                }
                (Kind::Shape, _) => error.help(format!("write all sizes in brackets: `{}([8, 4])`", self.keyword)),
                (Kind::Dimensions, _) => {
                    error.help(format!("write all dimensions in brackets: `{}([1, 0])`", self.keyword))
                }
                (Kind::Sides | Kind::Around { .. }, Value::Pair(..) | Value::Shape(_)) => {
                    error.help(format!("write a list for each dimension: `{} = {}`", spec.name, spec.kind.sides()))
                }
                _ => error,
            },
        }
    }
}

/// Whether a value is what PyTorch takes at this position, if the size of the input comes first there.
fn is_size_of_input(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Bool | Kind::Word(_) => matches!(value, Value::Expression(_)),
        Kind::Float { .. } => matches!(value, Value::Shape(_) | Value::Pair(..)),
        _ => false,
    }
}

/// A value as a message about an option of this kind names it.
fn describe(kind: Kind, value: &Value) -> String {
    match value {
        Value::Pair(..) => "a pair".into(),
        Value::Shape(_) if matches!(kind, Kind::Sides | Kind::Around { .. }) => "a single list".into(),
        Value::Shape(_) => "a shape".into(),
        Value::Lists(..) => "a list of lists".into(),
        Value::Expression(_) | Value::Bool(..) | Value::Text(..) => format!("`{value}`"),
    }
}

/// Whether a value may be meant for an option of this kind.
pub fn suits(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Bool => matches!(value, Value::Bool(..)),
        Kind::Word(words) => value.word().is_some_and(|word| words.contains(&word.as_str())),
        Kind::Shape | Kind::Dimensions => matches!(value, Value::Shape(_)),
        Kind::Lengths => matches!(value, Value::Shape(_) | Value::Expression(_)),
        Kind::Value => false,
        Kind::Sides => matches!(value, Value::Lists(..)),
        Kind::Dimension | Kind::Place | Kind::Float { .. } => matches!(value, Value::Expression(_)),
        _ => {
            matches!(value, Value::Expression(size) if !matches!(size, Expression::Float(_)))
                || matches!(value, Value::Pair(..))
        }
    }
}
