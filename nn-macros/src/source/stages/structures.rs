//! The structures, taken apart into operations: `residual`, `add`, `sub`, `mul`, `concat`, and `repeat`;
//! `each` is a file of its own.

use proc_macro2::Ident;

use super::{Current, Placed, Walk};
use crate::arguments;
use crate::ast::{Keyword, Stage};
use crate::diagnostic::Diagnostic;
use crate::model::builder::{CONCAT, Value};
use crate::model::options::{Key, OptionSpec};
use crate::model::{Again, Combination};

const TIMES: Key<usize> = Key::size("times");
const REPEAT: &[OptionSpec] = &[TIMES.required()];

/// More turns than anybody unrolls on purpose.
const MOST_TURNS: usize = 1000;

impl Walk<'_> {
    /// Takes a structure apart.
    pub(super) fn structure(&mut self, keyword: &Keyword, placed: Placed) {
        match keyword.name.to_string().as_str() {
            "residual" => self.residual(keyword, placed),
            "add" => self.combine(Combination::Sum, keyword, placed),
            "sub" => self.combine(Combination::Difference, keyword, placed),
            "mul" => self.combine(Combination::Product, keyword, placed),
            "concat" => self.concat(keyword, placed),
            "each" => self.each(keyword, placed),
            "repeat" => self.repeat(keyword, &placed),
            _ => {}
        }
    }

    fn residual(&mut self, keyword: &Keyword, placed: Placed) {
        arguments::options(&keyword.name, &[], &keyword.options, &self.scope.consts, self.report);
        let help = "write `residual { linear(8), relu }`, with as many features out as in";
        let Some(stages) = self.body(keyword, help) else { return };
        self.needs_value(&keyword.name);
        // its input is one of the terms, so what is wrong with that is said before the stages are looked at
        self.append(|builder, input| {
            builder.check_element("residual", None, keyword.name.span(), &input).map(|()| input)
        });
        let Some((Some(input), _)) = self.branches(&[stages], &placed) else { return };
        self.append(|builder, body| builder.residual(placed.place, &body, &input));
    }

    fn combine(&mut self, combination: Combination, keyword: &Keyword, placed: Placed) {
        let name = &keyword.name;
        let Some(lists) = self.bracketed(keyword) else { return };
        arguments::options(name, &[], &keyword.options, &self.scope.consts, self.report);
        let Some((_, made)) = self.branches(&lists, &placed) else { return };
        if combination == Combination::Difference && lists.len() > 2 {
            let error = format!("`{name}` takes two branches, but has {}", lists.len());
            let help = "subtract a sum: `sub { [..], [add { [..], [..] }] }`";
            self.report.push(Diagnostic::new(name.span(), error).help(help));
            return self.current = Current::Mistaken;
        }
        let made: Vec<_> = made.iter().collect();
        self.append(|builder, _| builder.combine(placed.place, &name.to_string(), combination, &made));
    }

    fn concat(&mut self, keyword: &Keyword, placed: Placed) {
        let options = arguments::options(&keyword.name, CONCAT, &keyword.options, &self.scope.consts, self.report);
        let Some(lists) = self.bracketed(keyword) else { return };
        let Some((_, made)) = self.branches(&lists, &placed) else { return };
        let Some(options) = options else { return self.current = Current::Mistaken };
        self.append(|builder, _| builder.concat(placed.place, &options, &made.iter().collect::<Vec<_>>()));
    }

    fn repeat(&mut self, keyword: &Keyword, placed: &Placed) {
        let options = arguments::options(&keyword.name, REPEAT, &keyword.options, &self.scope.consts, self.report);
        let Some(stages) = self.body(keyword, "write `repeat(3) { linear(8), relu }`") else { return };
        let times = options.map(|options| (options.get(&TIMES), options.extent(&TIMES)));
        let times = match times {
            Some((times, extent)) if times > MOST_TURNS => {
                let error = format!("`repeat` unrolls its stages at most {MOST_TURNS} times, not {times}");
                self.report.push(Diagnostic::across(extent.unwrap_or([keyword.name.span(); 2]), error));
                None
            }
            times => times.map(|(times, _)| times),
        };
        let before = self.report.len();
        // Mistakes inside are found in the first turn, and are one mistake each.
        self.turn(1, placed, stages);
        let marks = self.frozen.len();
        let first = [self.operations(), self.rows()];
        for turn in 2..=times.unwrap_or(1) {
            if self.report.len() == before && self.current.value().is_some() {
                self.turn(turn, placed, stages);
                self.frozen.truncate(marks);
            }
        }
        let [operations, rows] = first;
        self.again.push(Again { operations: operations..self.operations(), rows: rows..self.rows() });
        if times.is_none() {
            self.current = Current::Mistaken;
        }
    }

    /// One turn of a repeat: the names inside get its number, or its namespace does.
    fn turn(&mut self, turn: usize, placed: &Placed, stages: &[Stage]) {
        if placed.stage.name.is_none() {
            self.turns.push(turn);
            self.enter(None, placed.place.is_frozen, |walk| walk.stages(stages));
            self.ends_with_one("`repeat`");
            self.turns.pop();
        } else {
            let turns = std::mem::take(&mut self.turns);
            let separator = if turns.is_empty() { "" } else { "_" }; // after the numbers of the turns around
            let namespace = Ident::new(&format!("{}{separator}{turn}", placed.name), placed.name.span());
            self.names.turn(&self.namespace, &namespace, self.report);
            self.enter(Some(namespace), placed.place.is_frozen, |walk| walk.stages(stages));
            self.ends_with_one("`repeat`");
            self.turns = turns;
        }
    }

    /// The name that a stage gets inside of repeats.
    pub(super) fn numbered(&self, name: &Ident) -> Ident {
        self.in_turns(name, self.turns.len())
    }

    /// The name with the numbers of the outermost so many turns.
    pub(super) fn in_turns(&self, name: &Ident, count: usize) -> Ident {
        let turns: Vec<_> = self.turns[..count].iter().map(usize::to_string).collect();
        if turns.is_empty() { name.clone() } else { Ident::new(&format!("{name}{}", turns.join("_")), name.span()) }
    }

    /// The value before a structure, and what each of its branches makes of it, the last of which is current; `None` after a
    /// mistake in a shape.
    fn branches(&mut self, lists: &[&[Stage]], placed: &Placed) -> Option<(Option<Value>, Vec<Value>)> {
        if lists.iter().any(|stages| stages.is_empty()) {
            self.needs_value(&placed.place.keyword);
        }
        let input = std::mem::replace(&mut self.current, Current::Mistaken);
        let shapes = self.builder.as_ref().map(|builder| builder.shapes.clone());
        let mut made = Vec::new();
        for (number, stages) in lists.iter().enumerate() {
            if let (Some(builder), Some(shapes)) = (&mut self.builder, shapes.as_ref().filter(|_| number > 0)) {
                builder.shapes.clone_from(shapes);
            }
            self.current.clone_from(&input);
            let namespace = placed.stage.name.as_ref().map(|_| placed.name.clone());
            self.enter(namespace, placed.place.is_frozen, |walk| walk.stages(stages));
            let keyword = &placed.place.keyword;
            self.ends_with_one(&if lists.len() > 1 {
                format!("a branch of `{keyword}`")
            } else {
                format!("`{keyword}`")
            });
            made.extend(self.current.take());
        }
        if made.len() < lists.len() || matches!(input, Current::Mistaken) {
            return None;
        }
        self.current = made.last().cloned().into();
        Some((input.value().cloned(), made))
    }

    /// The stages of a structure that takes one list of them.
    pub(super) fn body<'k>(&mut self, keyword: &'k Keyword, help: &str) -> Option<&'k [Stage]> {
        let name = &keyword.name;
        let error = match &keyword.body {
            Some(body) if body.has_brackets => format!("`{name}` takes stages, but has branches in brackets"),
            Some(body) => match body.branches.first() {
                Some(stages) if !stages.is_empty() => return Some(stages),
                _ => format!("`{name}` needs stages"),
            },
            None => format!("`{name}` needs stages"),
        };
        self.report.push(Diagnostic::new(name.span(), error).help(help));
        self.current = Current::Mistaken;
        None
    }

    /// The branches of a structure that takes several.
    fn bracketed<'k>(&mut self, keyword: &'k Keyword) -> Option<Vec<&'k [Stage]>> {
        let name = &keyword.name;
        let error = match &keyword.body {
            Some(body) if body.has_brackets && body.branches.len() > 1 => {
                return Some(body.branches.iter().map(Vec::as_slice).collect());
            }
            Some(body) if body.has_brackets => format!("`{name}` needs at least two branches"),
            Some(_) => format!("`{name}` takes branches in brackets, but has stages"),
            None => format!("`{name}` needs branches"),
        };
        let help = format!("write `{name} {{ [linear(8)], [linear(8), relu] }}`; `[]` is the input itself");
        self.report.push(Diagnostic::new(name.span(), error).help(help));
        self.current = Current::Mistaken;
        None
    }

    /// Builds the stages of a structure; a named one is a namespace for their names.
    pub(super) fn enter(&mut self, namespace: Option<Ident>, is_frozen: bool, build: impl FnOnce(&mut Self)) {
        let is_frozen = std::mem::replace(&mut self.is_frozen, is_frozen);
        let depth = self.namespace.len();
        self.namespace.extend(namespace);
        build(self);
        self.namespace.truncate(depth);
        self.is_frozen = is_frozen;
    }
}
