//! The forward pass.

use super::{Buffer, Function, Gradients, INPUT, Part, Planner, Step, arguments};
use crate::layers::Argument;
use crate::model::{Kind, Operation};

impl Planner<'_> {
    /// Plans every operation in order, each by the function that `choose` says.
    pub(super) fn forward(&mut self, choose: impl Fn(&Gradients, &Operation) -> Function) {
        for index in 0..self.graph.operations.len() {
            let operation = &self.graph.operations[index];
            match operation.kind {
                Kind::Sum => {
                    self.sum(index);
                    continue;
                }
                Kind::Concat { pieces } => {
                    self.concat(index, pieces);
                    continue;
                }
                Kind::Layer { .. } | Kind::Foreign { .. } => {}
            }
            let function = choose(&self.gradients, operation);
            let Some(arguments) = arguments(operation, function) else {
                self.values[operation.output] = self.values[operation.inputs[0]];
                continue;
            };
            let input = self.values[operation.inputs[0]];
            let output = if arguments.iter().any(|argument| matches!(argument, Argument::Value)) {
                self.owned(index, 0)
            } else {
                self.buffer(self.graph.values[operation.output])
            };
            self.values[operation.output] = output;
            if function == Function::Forward {
                self.caches[index] = operation.cached_lanes().map(|columns| self.buffer(columns));
            }
            let (cache, scratch) = (self.caches[index], self.scratch(&arguments));
            self.call(index, function, |argument| match argument {
                Argument::Input => Some(input),
                Argument::Output | Argument::Value => Some(output),
                Argument::Cache => cache,
                Argument::Scratch(_) => scratch,
                _ => None,
            });
        }
    }

    fn sum(&mut self, index: usize) {
        let operation = &self.graph.operations[index];
        let target = (0..operation.inputs.len()).find(|place| self.is_last_use(index, *place)).unwrap_or(0);
        let to = self.owned(index, target);
        for (place, value) in operation.inputs.iter().enumerate() {
            if place != target {
                let (from, columns) = (self.values[*value], self.graph.values[*value]);
                self.push(Step::Add { from, to, columns });
            }
        }
        self.values[operation.output] = to;
    }

    fn concat(&mut self, index: usize, pieces: usize) {
        let operation = &self.graph.operations[index];
        let whole = self.buffer(self.graph.values[operation.output]);
        for (value, offset) in operation.inputs.iter().zip(self.graph.offsets(operation, pieces)) {
            let columns = [*value, operation.output].map(|value| self.graph.values[value]);
            self.push(Step::Join(Part { own: self.values[*value], whole, columns, pieces, offset }));
        }
        self.values[operation.output] = whole;
    }

    /// The buffer of an operation's input, to be overwritten: a copy if anybody else needs it.
    fn owned(&mut self, index: usize, place: usize) -> Buffer {
        let buffer = self.values[self.graph.operations[index].inputs[place]];
        if self.is_last_use(index, place) { buffer } else { self.copy(buffer) }
    }

    /// Whether nobody reads the buffer of an operation's input after the operation.
    fn is_last_use(&self, index: usize, place: usize) -> bool {
        let operations = &self.graph.operations;
        let inputs = &operations[index].inputs;
        let buffer = self.values[inputs[place]];
        let shares = |value: usize| self.values[value] == buffer;
        let read_later =
            operations[index + 1..].iter().flat_map(|operation| &operation.inputs).any(|value| shares(*value));
        let read_here = inputs.iter().enumerate().any(|(other, value)| other != place && shares(*value));
        let read_backward = (0..self.graph.values.len()).any(|value| shares(value) && self.gradients.reads[value] > 0);
        buffer != INPUT && !read_later && !read_here && !read_backward
    }
}
