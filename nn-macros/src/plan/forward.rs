//! The forward pass.

use super::gradients::Gradients;
use super::planner::{Buffer, Planner, Reads};
use super::{Function, Part, Step, arguments};
use crate::model::spec::Argument;
use crate::model::{Kind, Operation};

impl Planner<'_> {
    /// Plans every operation in order, each by the function that `choose` says.
    pub(super) fn forward(&mut self, choose: impl Fn(&Gradients, &Operation) -> Function) {
        (0..self.graph.inputs.len()).for_each(|input| self.keep(input));
        for (index, operation) in self.graph.operations.iter().enumerate() {
            let output = match &operation.kind {
                Kind::Combine { combination, broadcasts } => {
                    let output = self.combine_values(index, *combination, broadcasts);
                    self.watch(index, output);
                    output
                }
                Kind::Concat { pieces } => self.concat(index, *pieces),
                Kind::Layer { .. } | Kind::Foreign(_) => {
                    let function = choose(&self.gradients, operation);
                    self.layer(index, function)
                }
            };
            for input in &operation.inputs {
                self.reads[self.values[*input]].forward -= 1;
            }
            self.hold(operation.output, output);
            self.keep(operation.output);
        }
    }

    /// The call of a layer's function; the buffer of its output.
    fn layer(&mut self, index: usize, function: Function) -> Buffer {
        let operation = &self.graph.operations[index];
        let input = self.values[operation.inputs[0]];
        let Some(arguments) = arguments(operation, function) else { return input };
        let output = if arguments.iter().any(|argument| matches!(argument, Argument::Value)) {
            self.owned(index, 0)
        } else {
            self.buffer(self.graph.values[operation.output])
        };
        if function == Function::Forward {
            self.caches[index] = operation.cached_lanes().map(|columns| self.buffer(columns));
        }
        let (cache, scratch) = (self.caches[index], self.scratch(&arguments));
        self.call(index, function, |argument| match argument {
            Argument::Output | Argument::Value => Some(output),
            Argument::Cache => cache,
            Argument::Scratch(_) => scratch,
            _ => None,
        });
        self.watch(index, output);
        output
    }

    fn concat(&mut self, index: usize, pieces: usize) -> Buffer {
        let operation = &self.graph.operations[index];
        let whole = self.buffer(self.graph.values[operation.output]);
        for (value, offset) in operation.inputs.iter().zip(self.graph.offsets(operation, pieces)) {
            let columns = [*value, operation.output].map(|value| self.graph.values[value]);
            self.push(Step::Join(Part { own: self.values[*value], whole, columns, pieces, offset }));
        }
        whole
    }

    /// The buffer of an operation's input, to be overwritten: a copy if anybody else needs it.
    pub(super) fn owned(&mut self, index: usize, place: usize) -> Buffer {
        let buffer = self.values[self.graph.operations[index].inputs[place]];
        if self.is_last_use(index, place) { buffer } else { self.copy(buffer) }
    }

    /// Whether nothing else reads the buffer of an operation's input from now on.
    pub(super) fn is_last_use(&self, index: usize, place: usize) -> bool {
        let buffer = self.values[self.graph.operations[index].inputs[place]];
        !self.is_input(buffer) && matches!(self.reads[buffer], Reads { forward: 1, backward: 0 })
    }
}
