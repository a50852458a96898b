//! The planner: it runs through a graph, gives each value a buffer, and each buffer its slot.

use super::gradients::Gradients;
use super::{Call, Each, Function, Part, Place, Plan, Spread, Step, Watch, arguments, called, fusion, slots};
use crate::model::spec::Argument;
use crate::model::{Graph, Kind, Outputs};

/// The plan of a forward pass in evaluation mode.
pub fn inference(graph: &Graph) -> Plan {
    evaluation(graph, Function::Infer)
}

/// The plan of one step, or of a block of steps, for the graph of a frame.
pub fn stream(graph: &Graph, function: Function) -> Plan {
    evaluation(graph, function)
}

fn evaluation(graph: &Graph, function: Function) -> Plan {
    let mut planner = Planner::new(graph, Gradients::none(graph));
    planner.forward(|_, _| function);
    let output = planner.output();
    if let Some(output) = output {
        planner.touch(output);
    }
    let forward = planner.steps.len();
    planner.finish([forward; 4], output, output)
}

/// The plan of a training step, which reports the output of each operation.
pub fn training(graph: &Graph, has_input_gradient: bool) -> Plan {
    let planner = Planner::new(graph, Gradients::of(graph, has_input_gradient));
    both_passes(Planner { is_watched: true, ..planner })
}

/// The plan of the gradient of the input, for the graph [without those of the parameters](Graph::without_gradients).
pub fn trace(graph: &Graph) -> Plan {
    both_passes(Planner::new(graph, Gradients::of(graph, true)))
}

fn both_passes(mut planner: Planner) -> Plan {
    planner.forward(|gradients, operation| {
        let is_passed = operation.inputs.iter().any(|input| gradients.wanted[*input]);
        // a type from elsewhere may take indices, and then has no `Trace`
        let is_still = operation.is_frozen || matches!(operation.kind, Kind::Foreign(_)) && !operation.is_trained();
        if is_still && !is_passed { Function::Infer } else { Function::Forward }
    });
    let output = planner.output();
    let forward = planner.steps.len();
    let grad_output = output.map(|output| planner.loss(output));
    let loss = planner.steps.len();
    let (backward, backward_input) = planner.backward(grad_output);
    planner.finish([forward, loss, backward, backward_input], output, grad_output)
}

/// A buffer, by its number. The first are the network's inputs, and behind them its outputs, if it has several.
pub(super) type Buffer = usize;

/// The buffers of a call's arguments: the values that the operation takes, and those that `place` finds for the others.
pub(super) fn operands(
    arguments: &[Argument],
    inputs: &[Buffer],
    place: impl Fn(&Argument) -> Option<Buffer>,
) -> Vec<Buffer> {
    let mut found = Vec::new();
    for argument in arguments {
        // what is overwritten by its gradient stands at a place of its own
        if !matches!(argument, Argument::InputThenGrad) {
            found.extend(argument.reads().into_iter().map(|place| inputs[place]));
        }
        found.extend(place(argument));
    }
    found
}

/// The reads of a buffer that are still to come, through any of the values that it holds.
#[derive(Clone, Copy, Default)]
pub(super) struct Reads {
    /// By operations that are not planned yet, one for each of their inputs.
    pub(super) forward: usize,
    /// By calls of the backward pass.
    pub(super) backward: usize,
}

/// The life of a buffer: the steps that first and last touch it.
pub(super) struct Life {
    pub(super) columns: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

pub(super) struct Planner<'g> {
    pub(super) graph: &'g Graph,
    /// The places of the buffers that are no slots.
    fixed: Vec<Place>,
    pub(super) gradients: Gradients,
    /// Whether the output of each operation is reported.
    is_watched: bool,
    /// How many inputs of operations each value is.
    pub(super) uses: Vec<usize>,
    pub(super) lives: Vec<Life>,
    /// The reads of each buffer that are still to come.
    pub(super) reads: Vec<Reads>,
    pub(super) steps: Vec<Step<Buffer>>,
    /// The buffer that holds each value.
    pub(super) values: Vec<Buffer>,
    /// The buffer of each operation's cache, if it stands in a slot.
    pub(super) caches: Vec<Option<Buffer>>,
}

impl<'g> Planner<'g> {
    pub(super) fn new(graph: &'g Graph, gradients: Gradients) -> Self {
        let mut uses = vec![0; graph.values.len()];
        for input in graph.operations.iter().flat_map(|operation| &operation.inputs) {
            uses[*input] += 1;
        }
        let mut fixed: Vec<_> = (0..graph.inputs.len()).map(Place::Input).collect();
        if let Outputs::Named(outputs) = &graph.outputs {
            for output in outputs {
                uses[*output] += 1;
            }
            fixed.extend((0..outputs.len()).map(Place::Output));
        }
        fixed.extend((0..graph.kept.len()).map(Place::Kept));
        let columns = |place: &Place| match place {
            Place::Kept(kept) => graph.values[graph.kept[*kept].value],
            Place::Output(output) => graph.values[graph.outputs.values()[*output]],
            Place::Input(value) | Place::Slot(value) => graph.values[*value],
        };
        let mut planner = Self {
            graph,
            gradients,
            is_watched: false,
            uses,
            lives: fixed.iter().map(|place| Life { columns: columns(place), first: 0, last: 0 }).collect(),
            reads: vec![Reads::default(); fixed.len()],
            fixed,
            steps: Vec::new(),
            values: vec![0; graph.values.len()],
            caches: vec![None; graph.operations.len()],
        };
        (0..graph.inputs.len()).for_each(|input| planner.hold(input, input));
        planner
    }

    /// Says which buffer holds a value that no operation has read yet.
    pub(super) fn hold(&mut self, value: usize, buffer: Buffer) {
        self.values[value] = buffer;
        let reads = &mut self.reads[buffer];
        reads.forward += self.uses[value];
        reads.backward += self.gradients.reads[value];
    }

    /// A new buffer, first touched by the next step.
    pub(super) fn buffer(&mut self, columns: usize) -> Buffer {
        self.lives.push(Life { columns, first: self.steps.len(), last: self.steps.len() });
        self.reads.push(Reads::default());
        self.lives.len() - 1
    }

    /// Keeps a buffer alive until the next step.
    pub(super) fn touch(&mut self, buffer: Buffer) {
        self.lives[buffer].last = self.steps.len();
    }

    pub(super) fn push(&mut self, step: Step<Buffer>) {
        match &step {
            Step::Each { from, to, .. } => {
                self.touch(*from);
                self.touch(*to);
            }
            Step::Join(Part { own, whole, .. })
            | Step::Split(Part { own, whole, .. })
            | Step::Expand(Spread { own, whole, .. })
            | Step::Reduce(Spread { own, whole, .. }) => {
                self.touch(*own);
                self.touch(*whole);
            }
            Step::Call(call) => call.operands.iter().for_each(|operand| self.lives[*operand].last = self.steps.len()),
            Step::Watch(Watch { output, .. }) => self.touch(*output),
        }
        self.steps.push(step);
    }

    /// A copy of a buffer.
    pub(super) fn copy(&mut self, from: Buffer) -> Buffer {
        self.made(Each::Copy, from)
    }

    /// A new buffer with what a function makes of each value of another.
    pub(super) fn made(&mut self, function: Each, from: Buffer) -> Buffer {
        let columns = self.lives[from].columns;
        let to = self.buffer(columns);
        self.push(Step::Each { function, from, to, columns });
        to
    }

    /// Whether a buffer is one of the inputs.
    pub(super) const fn is_input(&self, buffer: Buffer) -> bool {
        buffer < self.graph.inputs.len()
    }

    /// The buffer of the only output, copied if it is the input itself; several outputs are copied to their places.
    fn output(&mut self) -> Option<Buffer> {
        let outputs = match &self.graph.outputs {
            Outputs::One(output) => return Some(self.materialise(*output)),
            Outputs::Named(outputs) => outputs,
        };
        for (number, output) in outputs.iter().enumerate() {
            let (from, columns) = (self.values[*output], self.graph.values[*output]);
            self.push(Step::Each { function: Each::Copy, from, to: self.output_buffer(number), columns });
        }
        None
    }

    /// The buffer of one of several outputs, and of its gradient.
    pub(super) const fn output_buffer(&self, number: usize) -> Buffer {
        self.graph.inputs.len() + number
    }

    /// Copies a value for the user, where that is wanted.
    pub(super) fn keep(&mut self, value: usize) {
        let first = self.fixed.len() - self.graph.kept.len();
        for (number, kept) in self.graph.kept.iter().enumerate() {
            if kept.value == value {
                let (from, columns) = (self.values[value], self.graph.values[value]);
                self.push(Step::Each { function: Each::Copy, from, to: first + number, columns });
            }
        }
    }

    /// Reports the output of an operation, where that is wanted.
    pub(super) fn watch(&mut self, operation: usize, output: Buffer) {
        if self.is_watched {
            self.push(Step::Watch(Watch { operation, output }));
        }
    }

    fn materialise(&mut self, value: usize) -> Buffer {
        let held = self.values[value];
        if self.is_input(held) {
            let buffer = self.copy(held);
            self.reads[held].backward -= self.gradients.reads[value];
            self.hold(value, buffer);
        }
        self.values[value]
    }

    /// The memory that a call needs for itself alone.
    pub(super) fn scratch(&mut self, arguments: &[Argument]) -> Option<Buffer> {
        let columns = arguments.iter().find_map(|argument| match argument {
            Argument::Scratch(columns) => Some(*columns),
            _ => None,
        });
        columns.map(|columns| self.buffer(columns))
    }

    /// The call of an operation's function, whose arguments are values that it takes, and others that `place` finds.
    pub(super) fn call(&mut self, operation: usize, function: Function, place: impl Fn(&Argument) -> Option<Buffer>) {
        let Some(arguments) = arguments(&self.graph.operations[operation], function) else { return };
        let inputs: Vec<_> = self.graph.operations[operation].inputs.iter().map(|input| self.values[*input]).collect();
        let operands = operands(&arguments, &inputs, place);
        let function = called(&self.graph.operations[operation], function);
        self.push(Step::Call(Call { operation, function, operands }));
    }

    /// Gives every buffer its slot. `ends` are the ends of the forward pass, the loss, and the two backward passes.
    pub(super) fn finish(self, ends: [usize; 4], output: Option<Buffer>, grad_output: Option<Buffer>) -> Plan {
        let (slots, places) = slots::assign(&self.lives, &self.fixed);
        let steps: Vec<Step> = self.steps.iter().map(|step| step.map(|buffer| places[*buffer])).collect();
        let [forward, loss, backward, backward_input] = ends;
        Plan {
            slots,
            forward: fusion::fuse(self.graph, &steps[..forward]),
            output: output.map(|output| places[output]),
            loss: steps[forward..loss].to_vec(),
            grad_output: grad_output.map(|gradient| places[gradient]),
            backward: steps[loss..backward].to_vec(),
            backward_input: steps[backward..backward_input].to_vec(),
        }
    }
}
