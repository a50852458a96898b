//! The structures: `residual`, `add`, `concat`, and `repeat`, taken apart into operations.

use proc_macro2::Ident;

use super::stages::{Builder, Placed, Value};
use crate::arguments;
use crate::ast::{Keyword, Stage};
use crate::diagnostic::Diagnostic;
use crate::model::Kind;
use crate::model::options::{Dimension, Key, OptionSpec, OptionValue};
use crate::model::shape::Shape;

const DIM: Key<Dimension> = Key::dimension("dim");
const CONCAT: &[OptionSpec] = &[DIM.or(0)];
const TIMES: Key<usize> = Key::size("times");
const REPEAT: &[OptionSpec] = &[TIMES.required()];

/// More turns than anybody unrolls on purpose.
const MOST_TURNS: usize = 1000;

impl Builder<'_> {
    /// Takes a structure apart; says whether the keyword is one.
    pub(super) fn structure(&mut self, keyword: &Keyword, placed: &Placed) -> bool {
        match keyword.name.to_string().as_str() {
            "residual" => self.residual(keyword, placed),
            "add" => self.add(keyword, placed),
            "concat" => self.concat(keyword, placed),
            "repeat" => self.repeat(keyword, placed),
            _ => return false,
        }
        true
    }

    fn residual(&mut self, keyword: &Keyword, placed: &Placed) {
        arguments::options(&keyword.name, &[], &keyword.options, &self.scope.consts, self.report);
        let help = "write `residual { linear(8), relu }`, with as many features out as in";
        let Some(stages) = self.body(keyword, help) else { return };
        let Some((input, mut made)) = self.branches(keyword, &[stages], placed) else { return };
        let Some(body) = made.pop() else { return };
        if input.shape != body.shape {
            let error = format!(
                "`residual` adds its input {} to what its stages make, {}: the shapes differ",
                input.shape, body.shape
            );
            let error =
                Diagnostic::new(keyword.name.span(), error).help(format!("let its last stage make {}", input.shape));
            let error = self.trace(error);
            return self.report.push(error);
        }
        let output = body.shape.clone();
        self.operation(placed, "residual", Kind::Sum, false, &[&body, &input], output);
    }

    fn add(&mut self, keyword: &Keyword, placed: &Placed) {
        arguments::options(&keyword.name, &[], &keyword.options, &self.scope.consts, self.report);
        let Some(lists) = self.bracketed(keyword) else { return };
        let Some((_, made)) = self.branches(keyword, &lists, placed) else { return };
        if let Some((first, other)) = made.first().zip(made.iter().find(|value| value.shape != made[0].shape)) {
            let error = format!("the branches of `add` make {} and {}: the shapes differ", first.shape, other.shape);
            let error = Diagnostic::new(keyword.name.span(), error);
            return self.report.push(error.help("let each branch make the same shape, or join them with `concat`"));
        }
        let Some(output) = made.first().map(|value| value.shape.clone()) else { return };
        self.operation(placed, "add", Kind::Sum, false, &made.iter().collect::<Vec<_>>(), output);
    }

    fn concat(&mut self, keyword: &Keyword, placed: &Placed) {
        let options = arguments::options(&keyword.name, CONCAT, &keyword.options, &self.scope.consts, self.report);
        let Some(lists) = self.bracketed(keyword) else { return };
        let Some((_, made)) = self.branches(keyword, &lists, placed) else { return };
        let (Some(options), Some(first)) = (options, made.first()) else { return };
        let given = options.get(&DIM);
        let Some(dim) = given.index(first.shape.sizes().len()) else {
            let error = format!("`concat` joins along dimension {}, but its branches make {}", given.0, first.shape);
            let error = Diagnostic::across(options.extent(&DIM).unwrap_or([keyword.name.span(); 2]), error);
            let help = "dimensions are counted from 0, without the batch; -1 is the last";
            return self.report.push(error.help(help));
        };
        let others = |shape: &Shape| {
            let mut sizes = shape.sizes().to_vec();
            sizes.get(dim).is_some().then(|| sizes.remove(dim)).map(|size| (size, sizes))
        };
        let rest = others(&first.shape).map(|(_, rest)| rest);
        let mut joined = first.shape.sizes()[dim];
        for value in made.iter().skip(1) {
            match others(&value.shape) {
                Some((size, others)) if Some(&others) == rest.as_ref() => joined += size,
                _ => {
                    let error = format!(
                        "the branches of `concat` make {} and {}: they differ outside of dimension {dim}",
                        first.shape, value.shape
                    );
                    let error = Diagnostic::new(keyword.name.span(), error);
                    let help =
                        "let the branches agree in every other dimension, or choose another one: `concat(dim = 1)`";
                    return self.report.push(error.help(help));
                }
            }
        }
        let mut sizes = first.shape.sizes().to_vec();
        sizes[dim] = joined;
        match Shape::new(sizes) {
            Ok(output) => {
                let pieces = first.shape.sizes()[..dim].iter().product();
                self.operation(
                    placed,
                    "concat",
                    Kind::Concat { pieces },
                    false,
                    &made.iter().collect::<Vec<_>>(),
                    output,
                );
                self.set_options(vec![(DIM.name, OptionValue::Dimension(dim.cast_signed()))]);
            }
            Err(problem) => {
                let error = format!("`concat` cannot make its output: {problem}");
                self.report.push(Diagnostic::new(keyword.name.span(), error));
            }
        }
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
        let (before, operations) = (self.report.len(), self.graph.operations.len());
        // Mistakes inside are found in the first turn, and are one mistake each.
        for turn in 1..=times.unwrap_or(1) {
            if turn == 1 || (self.report.len() == before && self.current.is_some()) {
                self.turn(turn, placed, stages);
            }
        }
        if times.is_none() {
            self.current = None;
        }
        if self.current.is_some() {
            self.check_frozen(keyword, placed, operations);
        }
    }

    /// One turn of a repeat: the names inside get its number, or its namespace does.
    fn turn(&mut self, turn: usize, placed: &Placed, stages: &[Stage]) {
        if placed.stage.name.is_none() {
            self.turns.push(turn);
            self.enter(None, placed.is_frozen, |builder| builder.stages(stages));
            self.turns.pop();
        } else {
            let turns = std::mem::take(&mut self.turns);
            let separator = if turns.is_empty() { "" } else { "_" }; // after the numbers of the turns around
            let namespace = Ident::new(&format!("{}{separator}{turn}", placed.name), placed.name.span());
            self.names.turn(&self.namespace, &namespace, self.report);
            self.enter(Some(namespace), placed.is_frozen, |builder| builder.stages(stages));
            self.turns = turns;
        }
    }

    /// The name that a stage gets inside of repeats.
    pub(super) fn numbered(&self, name: &Ident) -> Ident {
        let turns: Vec<_> = self.turns.iter().map(usize::to_string).collect();
        if turns.is_empty() { name.clone() } else { Ident::new(&format!("{name}{}", turns.join("_")), name.span()) }
    }

    /// The value before a structure, and what each of its branches makes of it; `None` after a mistake in a shape.
    fn branches(&mut self, keyword: &Keyword, lists: &[&[Stage]], placed: &Placed) -> Option<(Value, Vec<Value>)> {
        let input = self.current.take();
        let input =
            input.filter(|input| self.check_element(&keyword.name.to_string(), false, keyword.name.span(), input));
        let (operations, trace) = (self.graph.operations.len(), self.trace.len());
        let mut made = Vec::new();
        for (number, stages) in lists.iter().enumerate() {
            if number > 0 {
                self.trace.truncate(trace);
            }
            self.current.clone_from(&input);
            let namespace = placed.stage.name.as_ref().map(|_| placed.name.clone());
            self.enter(namespace, placed.is_frozen, |builder| builder.stages(stages));
            made.extend(self.current.take());
        }
        let input = input.filter(|_| made.len() == lists.len())?;
        self.check_frozen(keyword, placed, operations);
        Some((input, made))
    }

    /// The stages of a structure that takes one list of them.
    fn body<'k>(&mut self, keyword: &'k Keyword, help: &str) -> Option<&'k [Stage]> {
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
        self.current = None;
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
        self.current = None;
        None
    }

    /// Builds the stages of a structure; a named one is a namespace for their names.
    fn enter(&mut self, namespace: Option<Ident>, is_frozen: bool, build: impl FnOnce(&mut Self)) {
        let is_frozen = std::mem::replace(&mut self.is_frozen, is_frozen);
        let depth = self.namespace.len();
        self.namespace.extend(namespace);
        build(self);
        self.namespace.truncate(depth);
        self.is_frozen = is_frozen;
    }

    fn check_frozen(&mut self, keyword: &Keyword, placed: &Placed, operations: usize) {
        if !self.graph.operations.iter().skip(operations).any(|operation| operation.has_field) {
            self.nothing_to_freeze(keyword, placed);
        }
    }
}
