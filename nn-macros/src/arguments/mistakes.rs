//! What is wrong with the arguments of a stage, with the stage as it should be written.

use proc_macro2::Ident;

use super::Matching;
use super::values::suits;
use crate::ast::{Argument, Value};
use crate::diagnostic::{Diagnostic, list};
use crate::elsewhere;
use crate::elsewhere::options::Hint;
use crate::model::options::{Kind, MistakenFor, OptionSpec, Options, options_of};

impl Matching<'_> {
    /// A name that no option has.
    pub fn unknown(&self, name: &Ident, value: &Value) -> Diagnostic {
        let (keyword, names, written) = (self.keyword, self.names(), name.to_string());
        let error = Options::unknown(keyword, self.specs, &written, [name.span(); 2]);
        if written.starts_with("activation") && self.option_of("relu").is_none() {
            return error.help(self.activation(value));
        }
        match elsewhere::options::hint(&keyword.to_string(), &names, &written) {
            Some(Hint::Known(help)) => error.help(help),
            Some(Hint::Similar(option)) => {
                error.help(format!("did you mean `{option}`? {}", options_of(keyword, self.specs)))
            }
            None => error,
        }
    }

    /// What to write for an activation as an option.
    fn activation(&self, value: &Value) -> String {
        let word = value.word().unwrap_or_default();
        if elsewhere::values::is_nothing(&word) || ["linear", "identity"].contains(&word.to_lowercase().as_str()) {
            return "a layer has no activation of its own: leave the option out".into();
        }
        let activation = elsewhere::layers::activation(&word).unwrap_or("relu");
        format!("write the activation as a stage of its own: `{}, {activation}`", self.example())
    }

    /// The layer with what it needs.
    fn example(&self) -> String {
        let required = self.specs.iter().filter(|spec| spec.default.is_required());
        let values: Vec<_> = required.map(|spec| spec.kind.example()).collect();
        stage(self.keyword, &values)
    }

    /// A value without a name behind a named one.
    pub fn after_named(&self, argument: &Argument) -> Diagnostic {
        let error = Diagnostic::across(argument.value.extent(), "a value without a name cannot follow a named option");
        error.help(format!("name it too: the options of `{}` are {}", self.keyword, list(&self.names())))
    }

    /// A value by position behind those of all options.
    pub fn too_many(&self, argument: &Argument) -> Diagnostic {
        let keyword = self.keyword;
        let has = match self.specs.len() {
            0 => {
                let error = format!("`{keyword}` has no options, but a value is given");
                let help = format!("write `{keyword}` without parentheses");
                return Diagnostic::across(argument.value.extent(), error).help(help);
            }
            1 => "one option".to_owned(),
            len => format!("{len} options"),
        };
        let error = format!("`{keyword}` has {has}, but more values are given");
        Diagnostic::across(argument.value.extent(), error).help(options_of(keyword, self.specs))
    }

    /// A value by position for an option that is only given by name.
    pub fn needs_name(&self, index: usize, mistaken_for: MistakenFor) -> Diagnostic {
        let before = &self.names()[..index];
        let (keyword, name, value) = (self.keyword, self.specs[index].name, &self.written[index].value);
        let error = format!("`{name}` of `{keyword}` needs its name: only {} can be given by position", list(before));
        let error = Diagnostic::across(value.extent(), error);
        if let Some(word) = value.word() {
            return error.help(self.word_by_position(&self.written[..index], &word));
        }
        error.help(match mistaken_for {
            MistakenFor::OptionBefore => format!(
                "the size of the input is known, and not written: `{}`; if you mean a `{name}`, write `{name} = {value}`",
                self.without_first()
            ),
            MistakenFor::Other(other) => {
                format!("write the name before it, `{name} = ..`: PyTorch has `{other}` at this position")
            }
        })
    }

    /// A value of the network by position.
    pub fn value_by_position(&self, value: &Value) -> Diagnostic {
        let error = format!("`{}` takes values of the network by name only", self.keyword);
        Diagnostic::across(value.extent(), error).help(self.name_of_value(value))
    }

    /// How to write a value of the network, by each option that takes one.
    pub fn name_of_value(&self, value: &Value) -> String {
        let of_values = self.specs.iter().filter(|spec| spec.kind == Kind::Value);
        let written: Vec<_> = of_values.map(|spec| format!("`{} = {value}`", spec.name)).collect();
        match written.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("write {} or {last}", rest.join(", ")),
            written => format!("write {}", written.concat()),
        }
    }

    /// The option that takes this word.
    fn option_of(&self, word: &str) -> Option<&OptionSpec> {
        self.specs.iter().find(|spec| spec.kind.words().contains(&word))
    }

    /// What to write for a word behind the `values` by position: the word of an option, or an activation, as in Keras.
    pub fn word_by_position<'v>(&self, values: impl IntoIterator<Item = &'v Argument>, word: &str) -> String {
        let values: Vec<_> = values.into_iter().map(|argument| argument.value.to_string()).collect();
        match (self.option_of(word), elsewhere::layers::activation(word)) {
            (Some(spec), _) => format!("write `{} = {word}`", spec.name),
            (None, Some(stage)) => {
                format!("an activation is a stage of its own: `{}({}), {stage}`", self.keyword, values.join(", "))
            }
            (None, None) => match self.specs.iter().find(|spec| spec.name == word && spec.kind == Kind::Bool) {
                Some(_) => format!("write `{word} = true`"),
                None => "write the name of the option before it".into(),
            },
        }
    }

    /// The help where the size of the input is written as the first value.
    pub fn values_shift(&self) -> String {
        format!(
            "values without names count by position; the size of the input is known, and not written: `{}`",
            self.without_first()
        )
    }

    /// What to write if the first value is the size of the input: each of the others is for the option before.
    fn without_first(&self) -> String {
        let (values, named) = self.written.split_at(self.by_position().len());
        let moved = values.iter().skip(1).zip(self.specs).filter(|(argument, spec)| suits(spec.kind, &argument.value));
        let mut options: Vec<_> = moved.map(|(argument, spec)| (spec.name.to_owned(), &argument.value)).collect();
        for (name, value) in
            named.iter().filter_map(|Argument { name, value }| Some((name.as_ref()?.to_string(), value)))
        {
            if options.iter().all(|(moved, _)| *moved != name) {
                options.push((name, value));
            }
        }
        let is_first = |at: usize, name: &str| at == 0 && self.specs.first().is_some_and(|spec| spec.name == name);
        let option = |(at, (name, value)): (usize, &(String, &Value))| {
            if is_first(at, name) { value.to_string() } else { format!("{name} = {value}") }
        };
        stage(self.keyword, &options.iter().enumerate().map(option).collect::<Vec<_>>())
    }
}

/// A stage with these options in parentheses, if there are any.
fn stage(keyword: &Ident, options: &[impl std::borrow::Borrow<str>]) -> String {
    if options.is_empty() { keyword.to_string() } else { format!("{keyword}({})", options.join(", ")) }
}
