//! The backward pass: first all that the parameters' gradients need, then the rest of the way to the input's gradient.

use super::gradients::Gradients;
use super::planner::{Buffer, Planner, operands};
use super::{Call, Each, Function, Part, Step, arguments, called};
use crate::model::Kind;
use crate::model::spec::Argument;

/// The gradients on their way: a value's gradient is the sum of what its users contribute.
pub(super) struct Flow {
    /// The contributions to the gradient of each value.
    contributions: Vec<Vec<Buffer>>,
    /// How many contributions, not yet used, stand in each buffer.
    holders: Vec<usize>,
    /// The gradients of outputs whose operations have something left to do for the input's gradient.
    held: Vec<Option<Buffer>>,
}

impl Flow {
    pub(super) fn contribute(&mut self, value: usize, buffer: Buffer) {
        self.contributions[value].push(buffer);
        self.hold(buffer);
    }

    fn hold(&mut self, buffer: Buffer) {
        self.holders.resize(self.holders.len().max(buffer + 1), 0);
        self.holders[buffer] += 1;
    }

    fn release(&mut self, buffer: Buffer) {
        self.holders[buffer] -= 1;
    }

    pub(super) fn is_alone(&self, buffer: Buffer) -> bool {
        self.holders[buffer] == 1
    }
}

impl Planner<'_> {
    /// Where the gradient of the output is to stand: over the output, if the backward pass does not read that.
    pub(super) fn loss(&mut self, output: Buffer) -> Buffer {
        if self.reads[output].backward > 0 {
            return self.copy(output);
        }
        self.touch(output);
        output
    }

    /// Plans both backward passes; returns where each ends.
    pub(super) fn backward(&mut self, grad_output: Option<Buffer>) -> (usize, usize) {
        let count = self.graph.operations.len();
        let mut flow = Flow {
            contributions: vec![Vec::new(); self.graph.values.len()],
            holders: Vec::new(),
            held: vec![None; count],
        };
        for (number, output) in self.graph.outputs.values().iter().enumerate() {
            if self.gradients.wanted[*output] {
                flow.contribute(*output, grad_output.unwrap_or_else(|| self.output_buffer(number)));
            }
        }
        for index in (0..count).rev() {
            if self.gradients.early[self.graph.operations[index].output] {
                self.early(index, &mut flow);
            }
        }
        let early_end = self.steps.len();
        let inputs = 0..self.graph.inputs.len();
        if inputs.clone().any(|input| self.gradients.wanted[input]) {
            for index in (0..count).rev() {
                self.late(index, &mut flow);
            }
        }
        for input in inputs {
            if let Some(from) = self.combine(input, &mut flow).filter(|gradient| *gradient != input) {
                self.push(Step::Each { function: Each::Copy, from, to: input, columns: self.graph.values[input] });
            }
        }
        (early_end, self.steps.len())
    }

    /// What the parameters' gradients need of an operation.
    fn early(&mut self, index: usize, flow: &mut Flow) {
        let operation = &self.graph.operations[index];
        let Some(gradient) = self.combine(operation.output, flow) else { return };
        for function in self.gradients.backward_functions(operation) {
            if !function.makes_input_gradient() {
                self.gradient_call(index, function, gradient, None);
            }
        }
        let (early, wanted) = (&self.gradients.early, &self.gradients.wanted);
        if operation.inputs.iter().any(|input| wanted[*input] && !early[*input]) {
            flow.held[index] = Some(gradient);
            flow.hold(gradient);
        }
        self.pass_on(index, gradient, true, flow);
        flow.release(gradient);
    }

    /// What only the input's gradient needs of an operation.
    fn late(&mut self, index: usize, flow: &mut Flow) {
        let operation = &self.graph.operations[index];
        if let Some(gradient) = flow.held[index] {
            self.pass_on(index, gradient, false, flow);
            flow.release(gradient);
        } else if !self.gradients.early[operation.output] {
            let Some(gradient) = self.combine(operation.output, flow) else { return };
            if arguments(operation, Function::BackwardShared).is_some() {
                self.gradient_call(index, Function::BackwardShared, gradient, None);
            }
            self.pass_on(index, gradient, false, flow);
            flow.release(gradient);
        }
    }

    /// The gradient of a value: the sum of the contributions, held once.
    fn combine(&mut self, value: usize, flow: &mut Flow) -> Option<Buffer> {
        let contributions = std::mem::take(&mut flow.contributions[value]);
        let alone = contributions.iter().position(|buffer| flow.is_alone(*buffer));
        let (first, rest) = match (contributions.as_slice(), alone) {
            ([], _) => return None,
            ([one], _) => return Some(*one),
            (_, Some(place)) => (contributions[place], place),
            (_, None) => {
                let copy = self.copy(contributions[0]);
                flow.hold(copy);
                flow.release(contributions[0]);
                (copy, 0)
            }
        };
        for (place, from) in contributions.iter().enumerate() {
            if place != rest {
                let columns = self.graph.values[value];
                self.push(Step::Each { function: Each::Add, from: *from, to: first, columns });
                flow.release(*from);
            }
        }
        Some(first)
    }

    /// Contributes to the gradients of an operation's inputs: those on the way to parameters, or the others.
    fn pass_on(&mut self, index: usize, gradient: Buffer, is_early: bool, flow: &mut Flow) {
        let operation = &self.graph.operations[index];
        let is_meant = |input: usize| self.gradients.wanted[input] && self.gradients.early[input] == is_early;
        let places: Vec<_> = (0..operation.inputs.len()).filter(|place| is_meant(operation.inputs[*place])).collect();
        match &operation.kind {
            Kind::Combine { combination, broadcasts } => {
                return self.combination_gradients(index, *combination, broadcasts, (&places, gradient), flow);
            }
            Kind::Concat { pieces } => return self.split(index, *pieces, (&places, gradient), flow),
            Kind::Layer { .. } | Kind::Foreign(_) => {}
        }
        for place in places {
            self.input_gradient(index, place, gradient, flow);
        }
    }

    /// Contributes to the gradient of what a layer takes at this place.
    fn input_gradient(&mut self, index: usize, place: usize, gradient: Buffer, flow: &mut Flow) {
        let operation = &self.graph.operations[index];
        let (input, function) = (&operation.inputs[place], Function::of_input_gradient(place));
        if operation.passes_gradient() {
            return flow.contribute(*input, gradient);
        }
        let Some(arguments) = arguments(operation, function) else { return };
        let has = |wanted: fn(&Argument) -> bool| arguments.iter().any(wanted);
        let is_input_free = self.is_input_free(index, *input, function);
        let target = if has(|argument| matches!(argument, Argument::Grad)) {
            if flow.is_alone(gradient) { gradient } else { self.copy(gradient) }
        } else if has(|argument| matches!(argument, Argument::InputThenGrad)) {
            if is_input_free { self.values[*input] } else { self.copy(self.values[*input]) }
        } else if self.is_input(*input) && is_input_free {
            *input
        } else {
            self.buffer(self.graph.values[*input])
        };
        self.gradient_call(index, function, gradient, Some(target));
        flow.contribute(*input, target);
    }

    /// Contributes to the gradients of the parts of a concatenation.
    fn split(&mut self, index: usize, pieces: usize, (places, whole): (&[usize], Buffer), flow: &mut Flow) {
        let operation = &self.graph.operations[index];
        let offsets = self.graph.offsets(operation, pieces);
        for place in places {
            let value = operation.inputs[*place];
            let columns = [value, operation.output].map(|value| self.graph.values[value]);
            let part = self.buffer(columns[0]);
            self.push(Step::Split(Part { own: part, whole, columns, pieces, offset: offsets[*place] }));
            flow.contribute(value, part);
        }
    }

    /// Whether the memory of what an operation takes may be overwritten by the call that makes its gradient.
    fn is_input_free(&self, index: usize, input: usize, function: Function) -> bool {
        let operation = &self.graph.operations[index];
        let buffer = self.values[input];
        let own = arguments(operation, function)
            .unwrap_or_default()
            .iter()
            .flat_map(|argument| Gradients::reads(operation, argument))
            .filter(|value| *value == input)
            .count();
        let is_read = self.reads[buffer].backward > own;
        // The caller's input can be overwritten only at the very end, once, by a layer that is its only user.
        !is_read && (!self.is_input(buffer) || (self.is_input(input) && self.uses[input] == 1))
    }

    fn gradient_call(&mut self, index: usize, function: Function, gradient: Buffer, target: Option<Buffer>) {
        let operation = &self.graph.operations[index];
        let Some(arguments) = arguments(operation, function) else { return };
        let inputs: Vec<_> = operation.inputs.iter().map(|input| self.values[*input]).collect();
        let (output, cache) = (self.values[operation.output], self.caches[index]);
        let scratch = self.scratch(&arguments);
        let operands = operands(&arguments, &inputs, |argument| match argument {
            Argument::Output => Some(output),
            Argument::Cache => cache,
            Argument::Scratch(_) => scratch,
            Argument::GradOutput => Some(gradient),
            Argument::GradInput | Argument::Grad | Argument::InputThenGrad => target,
            _ => None,
        });
        for value in arguments.iter().flat_map(|argument| Gradients::reads(operation, argument)) {
            self.reads[self.values[value]].backward -= 1;
        }
        let function = called(operation, function);
        self.push(Step::Call(Call { operation: index, function, operands }));
    }
}
