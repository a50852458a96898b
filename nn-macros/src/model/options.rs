//! The options of layers: each layer lists its own as data, and its values, from wherever they come, are checked against
//! the list.

mod key;
mod spec;
mod value;

use proc_macro2::Ident;

#[cfg(test)]
use crate::diagnostic::Report;
use crate::diagnostic::{Diagnostic, Extent, list};
pub use key::Key;
pub use spec::{Default, Kind, MistakenFor, OptionSpec};
pub use value::{Around, Dimension, Lengths, OptionType, OptionValue, OrEpsilon, Sizes, Word, text};

/// The values of a layer's options, checked against its list.
pub struct Options {
    specs: &'static [OptionSpec],
    /// What each option of the list is given.
    given: Vec<Option<Given>>,
}

struct Given {
    value: OptionValue,
    /// Where it is written, if it is.
    extent: Option<Extent>,
}

impl Options {
    /// No option is given a value yet.
    pub fn new(specs: &'static [OptionSpec]) -> Self {
        Self { specs, given: specs.iter().map(|_| None).collect() }
    }

    /// The options with these names and values, which no syntax says; every mistake goes to the report.
    #[cfg(test)]
    pub fn of<'n>(
        keyword: &Ident,
        specs: &'static [OptionSpec],
        values: impl IntoIterator<Item = (&'n str, OptionValue)>,
    ) -> Result<Self, Report> {
        let (mut options, mut report) = (Self::new(specs), Report::default());
        for (name, value) in values {
            let index = specs.iter().position(|spec| spec.name == name);
            let given = match index {
                Some(index) => options.give(keyword, index, value, None),
                None => Err(Self::unknown(keyword, specs, name, [keyword.span(); 2])),
            };
            report.extend(given.err());
        }
        if report.is_empty() {
            report.extend(options.check_required(keyword).err());
        }
        if report.is_empty() { Ok(options) } else { Err(report) }
    }

    /// Gives the option at this index of the list a value.
    pub fn give(
        &mut self,
        keyword: &Ident,
        index: usize,
        value: OptionValue,
        extent: Option<Extent>,
    ) -> Result<(), Diagnostic> {
        let (spec, place) = (&self.specs[index], extent.unwrap_or([keyword.span(); 2]));
        if self.has(index) {
            return Err(self.twice(keyword, index, place));
        }
        self.given[index] = Some(Given { value: spec.check(keyword, value, place)?, extent });
        Ok(())
    }

    /// Whether the option at this index of the list is given a value.
    pub fn has(&self, index: usize) -> bool {
        self.given[index].is_some()
    }

    /// A second value for an option.
    pub fn twice(&self, keyword: &Ident, index: usize, extent: Extent) -> Diagnostic {
        let error = format!("`{}` of `{keyword}` is given twice", self.specs[index].name);
        Diagnostic::across(extent, error).help("remove one of them")
    }

    /// A value for an option that the list does not have.
    pub fn unknown(keyword: &Ident, specs: &[OptionSpec], name: &str, extent: Extent) -> Diagnostic {
        let error = format!("`{keyword}` has no option `{name}`");
        Diagnostic::across(extent, error).help(options_of(keyword, specs))
    }

    /// Whether every option that has no default is given a value.
    pub fn check_required(&self, keyword: &Ident) -> Result<(), Diagnostic> {
        let is_missing = |(spec, given): &(&OptionSpec, &Option<Given>)| spec.default.is_required() && given.is_none();
        let missing: Vec<_> = self.specs.iter().zip(&self.given).filter(is_missing).map(|(spec, _)| spec).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = missing.iter().map(|spec| spec.name).collect();
        let examples: Vec<_> = missing.iter().map(|spec| format!("{} = {}", spec.name, spec.kind.example())).collect();
        let (examples, is_empty) = (examples.join(", "), self.given.iter().all(Option::is_none));
        let help = if is_empty { format!("write `{keyword}({examples})`") } else { format!("add `{examples}`") };
        Err(Diagnostic::new(keyword.span(), format!("`{keyword}` needs {}", list(&names))).help(help))
    }

    /// The value of an option. Panics if the layer does not list the key: a test builds every layer.
    pub fn get<V: OptionType>(&self, key: &Key<V>) -> V {
        let value = self.value(self.index(key)).and_then(V::read);
        value.unwrap_or_else(|| panic!("the option `{}` is read with another type than it is listed with", key.name))
    }

    /// The index of an option in the list.
    fn index<V>(&self, key: &Key<V>) -> usize {
        let index = self.specs.iter().position(|spec| spec.name == key.name);
        index.unwrap_or_else(|| panic!("the option `{}` is read, but is not listed", key.name))
    }

    /// The value of the option at this index, or its default.
    fn value(&self, index: usize) -> Option<&OptionValue> {
        match (&self.given[index], &self.specs[index].default) {
            (Some(given), _) => Some(&given.value),
            (None, Default::Value(value)) => Some(value),
            (None, Default::SameAs(other)) => self.value(self.specs.iter().position(|spec| spec.name == *other)?),
            (None, Default::Required | Default::Nothing) => None,
        }
    }

    /// The values of all options, in order; a dimension among those of the input, so many, is counted from 0.
    pub fn all(&self, dimensions: usize) -> Vec<(&'static str, OptionValue)> {
        let counted = |value: &OptionValue| match Dimension::read(value).and_then(|dim| dim.index(dimensions)) {
            Some(index) => OptionValue::Dimension(index.cast_signed()),
            None => value.clone(),
        };
        let values = self.specs.iter().enumerate();
        values.filter_map(|(index, spec)| Some((spec.name, counted(self.value(index)?)))).collect()
    }

    /// The options that name values, in order.
    pub fn operands(&self) -> impl Iterator<Item = (&'static str, Ident)> {
        let values = self.specs.iter().enumerate();
        values.filter_map(|(index, spec)| Some((spec.name, Ident::read(self.value(index)?)?)))
    }

    /// The options that are numbers, in order.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        (0..self.specs.len()).filter_map(|index| f64::read(self.value(index)?))
    }

    /// A number that is infinite or 0 only as an `f32`, and where it is written, if it is.
    pub fn not_in_f32(&self) -> Option<(&'static str, f64, Option<Extent>)> {
        let is_lost = |number: f64| (number as f32).is_infinite() || (number != 0.0 && number as f32 == 0.0);
        self.specs.iter().zip(&self.given).find_map(|(spec, given)| match given {
            Some(Given { value: OptionValue::Number(number), extent }) if is_lost(*number) => {
                Some((spec.name, *number, *extent))
            }
            _ => None,
        })
    }

    /// Whether an option is given a value.
    pub fn is_given<V>(&self, key: &Key<V>) -> bool {
        self.has(self.index(key))
    }

    /// Where an option is written; `None` if it is not.
    pub fn extent<V>(&self, key: &Key<V>) -> Option<Extent> {
        self.given[self.index(key)].as_ref()?.extent
    }
}

/// The options of a layer, as a help says them.
pub fn options_of(keyword: &Ident, specs: &[OptionSpec]) -> String {
    let names: Vec<_> = specs.iter().map(|spec| spec.name).collect();
    match names.as_slice() {
        [] => format!("it has none: write `{keyword}` without parentheses"),
        [name] => format!("its only option is `{name}`"),
        _ => format!("its options are {}", list(&names)),
    }
}
