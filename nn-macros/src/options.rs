//! The options of layers: each layer lists them as data, and what a user wrote is matched against the list.

mod values;

use proc_macro2::Span;

use crate::ast::{Argument, Value};
use crate::diagnostic::{Diagnostic, Extent, Report, list};
use crate::elsewhere;
use crate::model::OptionValue;
use crate::model::shape::{Consts, Shape};
use values::evaluate;

/// An option that a layer has.
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

/// What an option is if it is not written.
#[derive(Clone, Copy)]
pub enum Default {
    Required,
    /// The value of another option.
    SameAs(&'static str),
    /// The machine epsilon of the type that the network computes in.
    Epsilon,
    Size(usize),
    Dimension(isize),
    Float(f64),
    Bool(bool),
    Word(&'static str),
}

impl Default {
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Required)
    }
}

impl OptionSpec {
    pub const fn new(name: &'static str, kind: Kind, default: Default) -> Self {
        Self { name, kind, default, mistaken_for: None }
    }

    /// The option, and those after it, only by name.
    pub const fn by_name(self, mistaken_for: MistakenFor) -> Self {
        Self { mistaken_for: Some(mistaken_for), ..self }
    }
}

#[derive(Clone, Debug)]
enum Given {
    Pair([usize; 2]),
    Dimension(isize),
    Float(f64),
    Bool(bool),
    Shape(Shape),
    Word(&'static str),
}

/// The values of a layer's options, checked against its list.
pub struct Options {
    specs: &'static [OptionSpec],
    values: Vec<Option<(Given, Extent)>>,
}

impl Options {
    /// Matches what is written with what the layer has: values by position first, then by name.
    ///
    /// `None` if any is mistaken; every mistake goes to the report.
    pub fn check(
        keyword: &syn::Ident,
        specs: &'static [OptionSpec],
        written: &[Argument],
        consts: &Consts,
        report: &mut Report,
    ) -> Option<Self> {
        let before = report.len();
        let mut values = vec![None; specs.len()];
        let mut position = Some(0);
        let mut is_shifted = false;
        for argument in written {
            if is_shifted && argument.name.is_none() {
                continue; // the values by position that follow a mistaken one are part of the same mistake
            }
            let given = find(keyword, specs, written, argument, &mut position).and_then(|index| {
                if values[index].is_some() {
                    return Err(twice(keyword, specs, written, argument, index));
                }
                Ok((index, evaluate(keyword, specs, &specs[index], written, argument, consts)?))
            });
            match given {
                Ok((index, given)) => values[index] = given.map(|given| (given, argument.value.extent())),
                Err(error) => {
                    report.push(error);
                    is_shifted |= argument.name.is_none();
                }
            }
        }
        if report.len() > before {
            return None;
        }
        check_required(keyword, specs, written, &values, report);
        (report.len() == before && written.len() == values.iter().flatten().count()).then_some(Self { specs, values })
    }

    fn given(&self, name: &str) -> Option<Given> {
        let index = self.specs.iter().position(|spec| spec.name == name)?;
        match (&self.values[index], self.specs[index].default) {
            (Some((given, _)), _) => Some(given.clone()),
            (None, Default::Size(size)) => Some(Given::Pair([size; 2])),
            (None, Default::Dimension(dimension)) => Some(Given::Dimension(dimension)),
            (None, Default::Float(value)) => Some(Given::Float(value)),
            (None, Default::Bool(value)) => Some(Given::Bool(value)),
            (None, Default::Word(word)) => Some(Given::Word(word)),
            (None, Default::SameAs(other)) => self.given(other),
            (None, Default::Required | Default::Epsilon) => None,
        }
    }

    pub fn size(&self, name: &str) -> usize {
        self.pair(name)[0]
    }

    pub fn pair(&self, name: &str) -> [usize; 2] {
        self.written_pair(name).unwrap_or([1; 2])
    }

    /// A pair, unless a word is written in its place.
    pub fn written_pair(&self, name: &str) -> Option<[usize; 2]> {
        if let Some(Given::Pair(pair)) = self.given(name) { Some(pair) } else { None }
    }

    /// The index of one of so many dimensions, or what was given if they have none of it.
    pub fn dimension(&self, name: &str, dimensions: usize) -> Result<usize, isize> {
        let given = if let Some(Given::Dimension(given)) = self.given(name) { given } else { 0 };
        let index = if given < 0 { dimensions.checked_add_signed(given) } else { given.try_into().ok() };
        index.filter(|index| *index < dimensions).ok_or(given)
    }

    pub fn float(&self, name: &str) -> f64 {
        self.float_or_epsilon(name).unwrap_or_default()
    }

    /// A number; `None` for the machine epsilon, where that is the default and no other is written.
    pub fn float_or_epsilon(&self, name: &str) -> Option<f64> {
        if let Some(Given::Float(value)) = self.given(name) { Some(value) } else { None }
    }

    /// The values of all options, in order; the shape that dimensions are counted in has so many of them.
    pub fn all(&self, dimensions: usize) -> Vec<(&'static str, OptionValue)> {
        let value = |spec: &'static OptionSpec| match (self.given(spec.name), spec.kind) {
            (Some(Given::Pair([size, _])), Kind::Size | Kind::SizeOrZero | Kind::SizeOrSame) => OptionValue::Size(size),
            (Some(Given::Pair(pair)), _) => OptionValue::Pair(pair),
            (Some(Given::Dimension(_)), _) => {
                OptionValue::Size(self.dimension(spec.name, dimensions).unwrap_or_default())
            }
            (Some(Given::Float(number)), _) => OptionValue::Number(number),
            (Some(Given::Bool(value)), _) => OptionValue::Bool(value),
            (Some(Given::Shape(shape)), _) => OptionValue::Shape(shape.sizes().to_vec()),
            (Some(Given::Word(word)), _) => OptionValue::Word(word),
            (None, _) => OptionValue::Epsilon,
        };
        self.specs.iter().map(|spec| (spec.name, value(spec))).collect()
    }

    /// The options that are numbers, in order.
    pub fn floats(&self) -> impl Iterator<Item = f64> {
        let is_float = |spec: &&OptionSpec| matches!(spec.kind, Kind::Float { .. });
        self.specs.iter().filter(is_float).map(|spec| self.float(spec.name))
    }

    /// A number that is infinite or 0 only as an `f32`, and where it is written.
    pub fn not_in_f32(&self) -> Option<(&'static str, f64, Extent)> {
        let is_lost = |number: f64| (number as f32).is_infinite() || (number != 0.0 && number as f32 == 0.0);
        self.specs.iter().zip(&self.values).find_map(|(spec, value)| match value {
            Some((Given::Float(number), extent)) if is_lost(*number) => Some((spec.name, *number, *extent)),
            _ => None,
        })
    }

    pub fn word(&self, name: &str) -> &'static str {
        if let Some(Given::Word(word)) = self.given(name) { word } else { "" }
    }

    pub fn bool(&self, name: &str) -> bool {
        matches!(self.given(name), Some(Given::Bool(true)))
    }

    pub fn shape(&self, name: &str) -> Option<Shape> {
        if let Some(Given::Shape(shape)) = self.given(name) { Some(shape) } else { None }
    }

    /// Where an option is written; `None` if it is not.
    pub fn extent(&self, name: &str) -> Option<Extent> {
        let index = self.specs.iter().position(|spec| spec.name == name)?;
        self.values[index].as_ref().map(|(_, extent)| *extent)
    }

    /// Where an option begins.
    pub fn span(&self, name: &str) -> Option<Span> {
        self.extent(name).map(|[first, _]| first)
    }
}

/// The values without names before the first named one.
fn by_position(written: &[Argument]) -> &[Argument] {
    let len = written.iter().take_while(|argument| argument.name.is_none()).count();
    written.get(..len).unwrap_or_default()
}

/// The index of the option that an argument is for.
fn find(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    written: &[Argument],
    argument: &Argument,
    position: &mut Option<usize>,
) -> Result<usize, Diagnostic> {
    let names: Vec<_> = specs.iter().map(|spec| spec.name).collect();
    let Some(name) = &argument.name else {
        let Some(index) = position.as_mut() else {
            return Err(Diagnostic::across(
                argument.value.extent(),
                "a value without a name cannot follow a named option",
            )
            .help(format!("name it too: the options of `{keyword}` are {}", list(&names))));
        };
        *index += 1;
        let index = *index - 1;
        return match specs.get(index).map(|spec| spec.mistaken_for) {
            None => Err(too_many(keyword, &names, argument)),
            Some(None) => Ok(index),
            Some(Some(mistaken_for)) => Err(needs_name(keyword, specs, written, index, mistaken_for)),
        };
    };
    *position = None;
    let written = name.to_string();
    let index = names.iter().position(|known| *known == written);
    index.ok_or_else(|| unknown(keyword, specs, name, &argument.value))
}

fn unknown(keyword: &syn::Ident, specs: &[OptionSpec], name: &syn::Ident, value: &Value) -> Diagnostic {
    let written = name.to_string();
    let names: Vec<_> = specs.iter().map(|spec| spec.name).collect();
    let error = Diagnostic::new(name.span(), format!("`{keyword}` has no option `{written}`"));
    let known = if written.starts_with("activation") && !names.contains(&"nonlinearity") {
        Some(activation(keyword, specs, value))
    } else {
        elsewhere::options::help(&keyword.to_string(), &names, &written)
    };
    let options = match names.as_slice() {
        [] => format!("it has none: write `{keyword}` without parentheses"),
        [name] => format!("its only option is `{name}`"),
        _ => format!("its options are {}", list(&names)),
    };
    error.help(match known {
        Some(known) if known.ends_with('?') => format!("{known} {options}"),
        Some(known) => known,
        None => options,
    })
}

/// What to write for an activation as an option.
fn activation(keyword: &syn::Ident, specs: &[OptionSpec], value: &Value) -> String {
    let word = value.word().unwrap_or_default();
    if elsewhere::values::is_nothing(&word) || ["linear", "identity"].contains(&word.to_lowercase().as_str()) {
        return "a layer has no activation of its own: leave the option out".into();
    }
    let activation = elsewhere::layers::activation(&word).unwrap_or("relu");
    format!("write the activation as a stage of its own: `{}, {activation}`", example(keyword, specs))
}

/// The layer with what it needs.
fn example(keyword: &syn::Ident, specs: &[OptionSpec]) -> String {
    let required = specs.iter().filter(|spec| spec.default.is_required());
    let values: Vec<_> = required.map(|spec| spec.kind.example()).collect();
    if values.is_empty() { keyword.to_string() } else { format!("{keyword}({})", values.join(", ")) }
}

fn too_many(keyword: &syn::Ident, names: &[&str], argument: &Argument) -> Diagnostic {
    let error = |error: String, help| Diagnostic::across(argument.value.extent(), error).help(help);
    match names {
        [] => error(
            format!("`{keyword}` has no options, but a value is given"),
            format!("write `{keyword}` without parentheses"),
        ),
        [name] => error(
            format!("`{keyword}` has one option, but more values are given"),
            format!("its only option is `{name}`"),
        ),
        names => {
            let error_text = format!("`{keyword}` has {} options, but more values are given", names.len());
            error(error_text, format!("its options are {}", list(names)))
        }
    }
}

/// A value by position for an option that is only given by name.
fn needs_name(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    written: &[Argument],
    index: usize,
    mistaken_for: MistakenFor,
) -> Diagnostic {
    let before: Vec<_> = specs[..index].iter().map(|spec| spec.name).collect();
    let (name, value) = (specs[index].name, &written[index].value);
    let error = format!("`{name}` of `{keyword}` needs its name: only {} can be given by position", list(&before));
    let error = Diagnostic::across(value.extent(), error);
    if let Some(word) = value.word() {
        return error.help(word_by_position(keyword, specs, &written[..index], &word));
    }
    error.help(match mistaken_for {
        MistakenFor::OptionBefore => format!(
            "the size of the input is known, and not written: `{}`; if you mean a `{name}`, write `{name} = {value}`",
            without_first(keyword, specs, written)
        ),
        MistakenFor::Other(other) => {
            format!("write the name before it, `{name} = ..`: PyTorch has `{other}` at this position")
        }
    })
}

/// What to write for a word behind the `values` by position: an activation, as in Keras, or the word of an option.
fn word_by_position<'a>(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    values: impl IntoIterator<Item = &'a Argument>,
    word: &str,
) -> String {
    let values: Vec<_> = values.into_iter().map(|argument| argument.value.to_string()).collect();
    let takes_word = |spec: &&OptionSpec| spec.kind.words().contains(&word);
    match (elsewhere::layers::activation(word), specs.iter().find(takes_word)) {
        (Some(stage), _) => {
            format!("an activation is a stage of its own: `{keyword}({}), {stage}`", values.join(", "))
        }
        (None, Some(spec)) => format!("write `{} = {word}`", spec.name),
        (None, None) => match specs.iter().find(|spec| spec.name == word && spec.kind == Kind::Bool) {
            Some(_) => format!("write `{word} = true`"),
            None => "write the name of the option before it".into(),
        },
    }
}

/// What to write if the first value is the size of the input: each of the others is for the option before.
fn without_first(keyword: &syn::Ident, specs: &[OptionSpec], written: &[Argument]) -> String {
    let (values, named) = written.split_at(by_position(written).len());
    let moved = values.iter().skip(1).zip(specs).filter(|(argument, spec)| spec.kind.suits(&argument.value));
    let mut options: Vec<_> = moved.map(|(argument, spec)| (spec.name.to_owned(), &argument.value)).collect();
    for (name, value) in named.iter().filter_map(|Argument { name, value }| Some((name.as_ref()?.to_string(), value))) {
        if options.iter().all(|(moved, _)| *moved != name) {
            options.push((name, value));
        }
    }
    let is_first = |at: usize, name: &str| at == 0 && specs.first().is_some_and(|spec| spec.name == name);
    let option = |(at, (name, value)): (usize, &(String, &Value))| {
        if is_first(at, name) { value.to_string() } else { format!("{name} = {value}") }
    };
    let options: Vec<_> = options.iter().enumerate().map(option).collect();
    if options.is_empty() { keyword.to_string() } else { format!("{keyword}({})", options.join(", ")) }
}

/// The help where the size of the input is written as the first value.
fn values_shift(keyword: &syn::Ident, specs: &[OptionSpec], written: &[Argument]) -> String {
    format!(
        "values without names count by position; the size of the input is known, and not written: `{}`",
        without_first(keyword, specs, written)
    )
}

fn twice(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    written: &[Argument],
    argument: &Argument,
    index: usize,
) -> Diagnostic {
    let extent = argument.name.as_ref().map_or_else(|| argument.value.extent(), |name| [name.span(); 2]);
    let error = Diagnostic::across(extent, format!("`{}` of `{keyword}` is given twice", specs[index].name));
    if index >= by_position(written).len() {
        return error.help("remove one of them");
    }
    error.help(values_shift(keyword, specs, written))
}

fn check_required(
    keyword: &syn::Ident,
    specs: &[OptionSpec],
    written: &[Argument],
    values: &[Option<(Given, Extent)>],
    report: &mut Report,
) {
    let is_missing = |(spec, value): &(&OptionSpec, &Option<_>)| spec.default.is_required() && value.is_none();
    let missing: Vec<_> = specs.iter().zip(values).filter(is_missing).map(|(spec, _)| spec).collect();
    if !missing.is_empty() && written.len() == values.iter().flatten().count() {
        let names: Vec<_> = missing.iter().map(|spec| spec.name).collect();
        let examples: Vec<_> = missing.iter().map(|spec| format!("{} = {}", spec.name, spec.kind.example())).collect();
        let examples = examples.join(", ");
        let help =
            if written.is_empty() { format!("write `{keyword}({examples})`") } else { format!("add `{examples}`") };
        report.push(Diagnostic::new(keyword.span(), format!("`{keyword}` needs {}", list(&names))).help(help));
    }
}
