//! Names as values: the name of an earlier stage stands for what it made.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use super::{Current, Walk, names::path};
use crate::ast::{Keyword, Ports, Stage};
use crate::diagnostic::{Diagnostic, nearest};
use crate::elsewhere;
use crate::layers;
use crate::model::ShapeHistory;
use crate::model::builder::Value;
use crate::model::options::Options;

/// What the stages so far have made, by the stages' full names.
#[derive(Default)]
pub struct Values(HashMap<String, Named>);

/// What a stage has made.
struct Named {
    /// The layer of the stage, as it is written; empty for an input.
    layer: String,
    /// `None` after a mistake.
    made: Option<Made>,
}

/// A value, and the shapes that led to it.
#[derive(Clone)]
struct Made {
    value: Value,
    shapes: ShapeHistory,
}

impl Walk<'_> {
    /// Begins with the inputs: the only one is what the first stage takes, and those with names are values.
    pub(super) fn begin(&mut self) {
        let Some(builder) = &self.builder else {
            self.inputs.iter().for_each(|name| {
                self.values.0.insert(format!(".{name}"), Named { layer: String::new(), made: None });
            });
            return;
        };
        let inputs = builder.inputs();
        for (name, value) in self.inputs.iter().zip(&inputs) {
            let shapes = ShapeHistory::new(format!("{name} {}", value.shape));
            let made = Some(Made { value: value.clone(), shapes });
            self.values.0.insert(format!(".{name}"), Named { layer: String::new(), made });
            self.names.input(name);
        }
        self.current = match inputs.as_slice() {
            [input] => Current::Value(input.clone()),
            _ => Current::Nothing,
        };
    }

    /// The values that are the outputs, with the shapes up to them; `None` after a mistake.
    pub(super) fn outputs(&mut self, declared: &Ports) -> Option<Vec<(Value, ShapeHistory)>> {
        if !declared.is_named() {
            return self.output().map(|output| vec![output]);
        }
        let mut found = Some(Vec::new());
        for name in declared.list.iter().filter_map(|output| output.name.as_ref()) {
            let Some(named) = self.values.0.get(&format!(".{name}")) else {
                let error = format!("no stage makes the output `{name}`");
                let help = match place_of(self.all, name, &Around::default()) {
                    Some(Around { in_each: true, .. }) => {
                        format!("write the stage `{name}` outside of `each`, or give the `each` this name")
                    }
                    Some(Around { structure: Some(structure), .. }) => {
                        format!("write the stage `{name}` outside of `{structure}`")
                    }
                    _ => format!("give the stage that makes it this name: `{name}: linear(8)`"),
                };
                self.report.push(Diagnostic::new(name.span(), error).help(help));
                found = None;
                continue;
            };
            let made = named.made.as_ref().filter(|made| !made.value.is_index());
            if let (None, Some(indices)) = (made, &named.made) {
                let element = indices.value.element.name();
                let error = format!("the output `{name}` is an input, indices of type `{element}`");
                self.report.push(Diagnostic::new(name.span(), error).help("an output is numbers, which a stage makes"));
            }
            let made = made.map(|made| (made.value.clone(), made.shapes.clone()));
            found = found.zip(made).map(|(mut found, made): (Vec<_>, _)| {
                found.push(made);
                found
            });
        }
        found
    }

    /// The value that is the only output, with the shapes up to it; `None` after a mistake.
    pub(super) fn output(&mut self) -> Option<(Value, ShapeHistory)> {
        self.ends_with_one(if self.outside.is_some() { "`each`" } else { "the network" });
        let shapes = self.builder.as_ref().map(|builder| builder.shapes.clone())?;
        self.current.take().map(|output| (output, shapes))
    }

    /// Keeps what the stage of this name has made.
    pub(super) fn remember(&mut self, name: &Ident, layer: &str) {
        let shapes = self.builder.as_ref().map(|builder| builder.shapes.clone());
        let made = self.current.value().cloned().zip(shapes).map(|(value, shapes)| Made { value, shapes });
        self.values.0.insert(format!("{}.{name}", path(&self.namespace)), Named { layer: layer.to_owned(), made });
    }

    /// Keeps what the stage has made for the user, under its name.
    pub(super) fn keep(&mut self, name: Option<&Ident>, span: Span) {
        if self.outside.is_some() {
            let error = Diagnostic::new(span, "`#[keep]` inside of `each` would keep another value at each step");
            return self.report.push(error.help("mark the `each`, which makes the values of all steps"));
        }
        let Some(name) = name else {
            let error = Diagnostic::new(span, "`#[keep]` marks a value that another stage has made");
            return self
                .report
                .push(error.help("mark the stage that makes it, or give this one a name: `#[keep] name: value`"));
        };
        let path = self.namespace.iter().cloned().chain([name.clone()]).collect();
        if let (Some(builder), Some(value)) = (&mut self.builder, self.current.value()) {
            self.report.extend(builder.keep(path, value, span).err());
        }
    }

    /// Whether a word stands for a value: it is no keyword, and an earlier stage has the name.
    pub(super) fn is_value(&self, word: &Ident) -> bool {
        !layers::is_keyword(word) && self.named(word).is_some()
    }

    /// A word that is a keyword, and also the name of an earlier stage of another layer, is a mistake: nobody knows which is meant.
    pub(super) fn check_keyword(&mut self, keyword: &Keyword) {
        let Keyword { name, options, body, .. } = keyword;
        let is_bare = options.is_empty() && body.is_none() && layers::is_keyword(name);
        if is_bare && self.named(name).is_some_and(|named| !named.layer.is_empty() && name != &named.layer) {
            let error = format!("`{name}` is a layer, and the name of an earlier stage");
            self.report
                .push(Diagnostic::new(name.span(), error).help("give that stage another name, to take its value here"));
            self.current = Current::Mistaken;
        }
    }

    /// What a name stands for: the innermost stage of that name, seen from where the walk is.
    fn named(&self, name: &Ident) -> Option<&Named> {
        let depths = (0..=self.namespace.len()).rev();
        depths.map(|depth| path(&self.namespace[..depth])).find_map(|path| {
            let turns = (0..=self.turns.len()).rev();
            turns.map(|turns| self.in_turns(name, turns)).find_map(|name| self.values.0.get(&format!("{path}.{name}")))
        })
    }

    /// Goes on with the value that a name stands for, and with what the stages behind it make of that.
    pub(super) fn take(&mut self, keyword: &Keyword, namespace: Option<Ident>, is_frozen: bool) {
        let name = &keyword.name;
        let made = self.named(name).and_then(|named| named.made.clone());
        // after a mistake nothing more is inferred
        let made = made.filter(|_| !matches!(self.current, Current::Mistaken));
        self.current = made
            .map(|made| {
                self.builder.iter_mut().for_each(|builder| builder.shapes = made.shapes.clone());
                made.value
            })
            .into();
        if let Some(more) = keyword.more {
            let error = Diagnostic::new(more, format!("`{name}` is a value, and takes no options"));
            self.report.push(error.help(format!("write the stages that take it in braces: `{name} {{ relu }}`")));
            self.current = Current::Mistaken;
        }
        let Some(body) = &keyword.body else { return };
        let stages = body.branches.first().filter(|stages| !body.has_brackets && !stages.is_empty());
        let Some(stages) = stages else {
            let what = if body.has_brackets { "branches in brackets" } else { "none" };
            let error = Diagnostic::new(name.span(), format!("the value `{name}` is taken by stages, but has {what}"));
            self.report
                .push(error.help(format!("write `{name} {{ linear(8), relu }}`, or `{name}` for the value alone")));
            return self.current = Current::Mistaken;
        };
        self.enter(namespace, is_frozen, |walk| walk.stages(stages));
    }

    /// The values that options name, each with its option; `None` after a mistake.
    pub(super) fn operands(&mut self, options: &Options) -> Option<Vec<(&'static str, Value)>> {
        let found: Vec<_> =
            options.operands().map(|(option, name)| Some((option, self.operand(option, &name)?))).collect();
        found.into_iter().collect()
    }

    /// The value that an option names; `None` after a mistake.
    fn operand(&mut self, option: &str, name: &Ident) -> Option<Value> {
        if let Some(named) = self.named(name) {
            return named.made.as_ref().map(|made| made.value.clone());
        }
        let error = |error: String, help: String| Diagnostic::new(name.span(), error).help(help);
        self.report.push(if layers::is_keyword(name) {
            let help = "give an earlier stage a name, and write that name here";
            error(format!("`{option}` takes a value, but `{name}` is a layer"), help.into())
        } else {
            self.no_value(name).unwrap_or_else(|| {
                let help = format!("give an earlier stage or an input the name `{name}`");
                error(format!("`{option}` takes a value, but nothing is called `{name}`"), help)
            })
        });
        None
    }

    /// What is wrong with a word that is neither a keyword nor the name of a value here, if it is the name of a stage, or nearly.
    pub(super) fn no_value(&self, name: &Ident) -> Option<Diagnostic> {
        let error = |error: String, help: String| Some(Diagnostic::new(name.span(), error).help(help));
        if self.around.contains(name) {
            let help = "let it take the value of an earlier stage".into();
            return error(format!("the stage `{name}` takes its own value"), help);
        }
        self.misplaced(name).or_else(|| self.around_each(name)).or_else(|| self.similar_value(name))
    }

    /// All names of the network, and of what is around it.
    pub(super) fn names_around(&self) -> Vec<String> {
        fn add(stages: &[Stage], names: &mut Vec<String>) {
            for stage in stages {
                names.extend(stage.names().map(Ident::to_string));
                stage.layer.inner().iter().for_each(|stages| add(stages, names));
            }
        }
        let mut names: Vec<_> = self.inputs.iter().map(Ident::to_string).collect();
        add(self.all, &mut names);
        names.extend(self.outside.iter().flat_map(|outside| outside.names.iter().cloned()));
        names
    }

    /// What is wrong inside of `each` with a name from around it.
    fn around_each(&self, name: &Ident) -> Option<Diagnostic> {
        let is_around = self.outside.as_ref().is_some_and(|outside| outside.names.iter().any(|other| name == other));
        is_around.then(|| {
            let error = format!("the value `{name}` is outside of `each`, and cannot be taken inside");
            let note = "the stages inside run on one step at a time, and see that step alone";
            let help = "join it to the input of `each`, if it has a value for each step; else take it behind `each`";
            Diagnostic::new(name.span(), error).note(note).help(help)
        })
    }

    /// What is wrong with the name of a stage whose value is not known here; `None` if no stage has the name.
    fn misplaced(&self, name: &Ident) -> Option<Diagnostic> {
        let error = |error: String, help: String| Some(Diagnostic::new(name.span(), error).help(help));
        let place = place_of(self.all, name, &Around::default())?;
        let mut made: Vec<_> = self.values.0.keys().filter_map(|path| path.rsplit('.').next()).collect();
        made.retain(|made| {
            let is_number = |turn: &str| turn.chars().all(|letter| letter.is_ascii_digit() || letter == '_');
            let turn = made.strip_prefix(&name.to_string());
            turn.is_some_and(|turn| turn.is_empty() || place.in_turns && is_number(turn))
        });
        match place {
            Around { in_each: true, each, .. } => {
                let help = match each {
                    Some(each) => format!("take the value of `{each}`, which has all steps"),
                    None => "give the `each` a name, and take its value, which has all steps".into(),
                };
                error(
                    format!("the value `{name}` is made inside of `each`, one for each step, and cannot be taken here"),
                    help,
                )
            }
            _ if made.is_empty() => {
                let help = format!("write the stage `{name}` before those that take it");
                error(format!("the value `{name}` is taken before it is made"), help)
            }
            Around { structure: Some(structure), .. } => {
                let help =
                    format!("take the value of `{structure}`, or write the stages without the name `{structure}`");
                error(format!("the value `{name}` is inside of `{structure}`, and cannot be taken here"), help)
            }
            Around { in_repeat: true, .. } => {
                made.sort_unstable_by_key(|made| (made.len(), *made));
                let last = made.last().copied().unwrap_or_default();
                let help = format!("take the value of one turn, such as that of the last, `{last}`");
                error(format!("each turn of the `repeat` makes its own `{name}`"), help)
            }
            Around { .. } => None,
        }
    }

    /// A word that is more like the name of a value here than like any keyword.
    fn similar_value(&self, name: &Ident) -> Option<Diagnostic> {
        let written = Some(name.to_string()).filter(|written| written.len() > 2)?;
        let around: Vec<_> = (0..=self.namespace.len()).map(|depth| path(&self.namespace[..depth])).collect();
        let paths = self.values.0.keys().filter_map(|path| path.rsplit_once('.'));
        let seen = paths.filter(|(here, _)| around.iter().any(|around| around == here));
        let seen: Vec<_> = seen.map(|(_, name)| name).collect();
        let similar = nearest(&written, seen.iter().copied().chain(layers::keywords().map(|keyword| keyword as &str)))?;
        let is_value = seen.contains(&similar) && !elsewhere::layers::is_known(&written);
        is_value.then(|| {
            let error = format!("`{name}` is no layer, and no value has this name");
            Diagnostic::new(name.span(), error).help(format!("a value with a similar name exists: `{similar}`"))
        })
    }
}

/// What is around a stage.
#[derive(Clone, Default)]
struct Around<'s> {
    /// The innermost structure with a name.
    structure: Option<&'s Ident>,
    /// Whether a repeat inside of that structure is around the stage.
    in_repeat: bool,
    /// Whether any repeat is.
    in_turns: bool,
    /// Whether an `each` is.
    in_each: bool,
    /// The name of the outermost one, if it has one.
    each: Option<&'s Ident>,
}

/// Where the stage of a name is, if there is one.
fn place_of<'s>(stages: &'s [Stage], name: &Ident, around: &Around<'s>) -> Option<Around<'s>> {
    stages.iter().find_map(|stage| {
        if stage.names().any(|other| other == name) {
            return Some(around.clone());
        }
        let is = |name: &str| stage.layer.keyword().is_some_and(|keyword| keyword.name == name);
        let (is_repeat, is_each) = (is("repeat"), is("each"));
        let mut inside = around.clone();
        if is_each && !around.in_each {
            (inside.in_each, inside.each) = (true, stage.name.as_ref());
        }
        inside.in_turns |= is_repeat;
        inside.in_repeat = stage.name.is_none() && (around.in_repeat || is_repeat);
        if let Some(name) = &stage.name {
            inside.structure = Some(name);
        }
        stage.layer.inner().iter().find_map(|stages| place_of(stages, name, &inside))
    })
}
