//! Where every value and gradient of a network stands: which share memory, and in which order the calls run.
//!
//! A buffer lives from the step that first writes it to the step that last touches it. Buffers whose lives do not overlap
//! share a slot of the workspace. An operation that can work in place does so when nobody needs its input any more; if
//! somebody does, the input is copied first.

mod backward;
mod forward;
pub mod frames;
mod fusion;
mod gradients;
mod slots;

use crate::model::spec::{Argument, Cache, Infer, Step as Steps};
use crate::model::{Graph, Kind, Operation};
use gradients::Gradients;

/// The calls of a network in order, with the places of their operands.
pub struct Plan {
    /// The columns of each slot.
    pub slots: Vec<usize>,
    pub forward: Vec<Step>,
    /// The output's place after the forward pass.
    pub output: Place,
    /// For training: what is done when the loss asks for the output, and where its gradient is to stand.
    pub loss: Vec<Step>,
    pub grad_output: Place,
    /// The gradients of the parameters.
    pub backward: Vec<Step>,
    /// The gradient of the network's input.
    pub backward_input: Vec<Step>,
}

/// Where a buffer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The network's input, which the caller owns.
    Input,
    Slot(usize),
}

/// One line of a pass.
#[derive(Clone)]
pub enum Step<P = Place> {
    Copy {
        from: P,
        to: P,
        columns: usize,
    },
    Add {
        from: P,
        to: P,
        columns: usize,
    },
    /// Copies a part into a whole: each of `pieces` equal pieces, at the columns from `offset` on of each piece of the whole.
    Join(Part<P>),
    /// Copies a part out of a whole.
    Split(Part<P>),
    Call(Call<P>),
}

/// A part of a concatenation.
#[derive(Clone, Copy)]
pub struct Part<P = Place> {
    pub own: P,
    pub whole: P,
    /// The columns of the part and of the whole.
    pub columns: [usize; 2],
    pub pieces: usize,
    /// The columns of a piece of the whole before the part's.
    pub offset: usize,
}

/// A call of one of an operation's functions.
#[derive(Clone)]
pub struct Call<P = Place> {
    pub operation: usize,
    pub function: Function,
    /// The operands that stand in buffers, in the order of the arguments that name them.
    pub operands: Vec<P>,
}

/// A function of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Forward,
    /// The same, and the relu after it.
    ForwardRelu,
    Infer,
    BackwardShared,
    BackwardParameters,
    BackwardInput,
    /// One step of a sequence.
    Step,
}

impl Function {
    pub const fn is_backward(self) -> bool {
        matches!(self, Self::BackwardShared | Self::BackwardParameters | Self::BackwardInput)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::ForwardRelu => "forward_relu",
            Self::Infer => "infer",
            Self::BackwardShared => "backward_shared",
            Self::BackwardParameters => "backward_parameters",
            Self::BackwardInput => "backward_input",
            Self::Step => "step",
        }
    }
}

/// The arguments of an operation's function; `None` if the operation has no such function.
///
/// `Infer` of a layer that runs in evaluation mode as in training is its `Forward`: [`resolve`] says so.
pub fn arguments(operation: &Operation, function: Function) -> Option<Vec<Argument>> {
    use Argument::{Cache, GradOutput, Input, InputThenGrad, LayerGradient, Output, StagePass};
    match &operation.kind {
        Kind::Layer { layer, .. } => match function {
            Function::Forward | Function::ForwardRelu => layer.calls.forward.clone(),
            Function::Infer => match &layer.calls.infer {
                Infer::Forward => layer.calls.forward.clone(),
                Infer::Call(call) => Some(call.clone()),
                Infer::Nothing => None,
            },
            Function::BackwardShared => layer.calls.backward_shared.clone(),
            Function::BackwardParameters => layer.calls.backward_parameters.clone(),
            Function::BackwardInput => layer.calls.backward_input.clone(),
            Function::Step => match &layer.calls.step {
                Steps::Never(_) | Steps::Transpose | Steps::Last => None,
                Steps::Each | Steps::Infer(_) => arguments(operation, Function::Infer),
                Steps::Call { call, .. } => Some(call.clone()),
            },
        },
        Kind::Foreign { .. } => match function {
            Function::Forward => Some(vec![Input, Output, Cache, StagePass]),
            Function::Infer | Function::Step => Some(vec![Input, Output, Cache]),
            Function::ForwardRelu | Function::BackwardShared => None,
            Function::BackwardParameters => Some(vec![Input, Cache, GradOutput, LayerGradient, StagePass]),
            Function::BackwardInput => Some(vec![InputThenGrad, Cache, GradOutput, StagePass]),
        },
        Kind::Sum | Kind::Concat { .. } => None,
    }
}

/// The function that runs for `function`.
pub fn resolve(operation: &Operation, function: Function) -> Function {
    match (&operation.kind, function) {
        (Kind::Layer { layer, .. }, Function::Infer) if matches!(layer.calls.infer, Infer::Forward) => {
            Function::Forward
        }
        (Kind::Layer { layer, .. }, Function::Step) if !matches!(layer.calls.step, Steps::Call { .. }) => {
            resolve(operation, Function::Infer)
        }
        (Kind::Foreign { .. }, Function::Step) => Function::Infer,
        _ => function,
    }
}

impl Operation {
    /// Whether the gradient of its input is that of its output.
    fn passes_gradient(&self) -> bool {
        matches!(&self.kind, Kind::Layer { layer, .. } if layer.passes_gradient)
    }

    /// The scalars a sample that it keeps for the backward pass in slots.
    pub fn cached_lanes(&self) -> Option<usize> {
        match &self.kind {
            Kind::Layer { layer, .. } => match layer.cache {
                Some(Cache::Lanes(columns)) => Some(columns),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The plan of a forward pass in evaluation mode.
pub fn inference(graph: &Graph) -> Plan {
    evaluation(graph, Function::Infer)
}

/// The plan of one step of a sequence, of whose frames the graph is.
pub fn stream(graph: &Graph) -> Plan {
    evaluation(graph, Function::Step)
}

fn evaluation(graph: &Graph, function: Function) -> Plan {
    let mut planner = Planner::new(graph, Gradients::none(graph));
    planner.forward(|_, _| function);
    let output = planner.materialise(graph.output);
    planner.touch(output);
    let forward = planner.steps.len();
    planner.finish([forward; 4], output, output)
}

/// The plan of a training step.
pub fn training(graph: &Graph, has_input_gradient: bool) -> Plan {
    let mut planner = Planner::new(graph, Gradients::of(graph, has_input_gradient));
    planner.forward(|gradients, operation| {
        if operation.is_frozen && !gradients.early[operation.output] { Function::Infer } else { Function::Forward }
    });
    let output = planner.materialise(graph.output);
    let forward = planner.steps.len();
    let grad_output = planner.loss(output);
    let loss = planner.steps.len();
    let (backward, backward_input) = planner.backward(grad_output);
    planner.finish([forward, loss, backward, backward_input], output, grad_output)
}

/// A buffer, by its number. Number 0 is the network's input.
type Buffer = usize;

const INPUT: Buffer = 0;

/// The reads of a buffer that are still to come, through any of the values that it holds.
#[derive(Clone, Copy, Default)]
struct Reads {
    /// By operations that are not planned yet, one for each of their inputs.
    forward: usize,
    /// By calls of the backward pass.
    backward: usize,
}

/// The life of a buffer: the steps that first and last touch it.
struct Life {
    columns: usize,
    first: usize,
    last: usize,
}

struct Planner<'g> {
    graph: &'g Graph,
    gradients: Gradients,
    /// How many inputs of operations each value is.
    uses: Vec<usize>,
    lives: Vec<Life>,
    /// The reads of each buffer that are still to come.
    reads: Vec<Reads>,
    steps: Vec<Step<Buffer>>,
    /// The buffer that holds each value.
    values: Vec<Buffer>,
    /// The buffer of each operation's cache, if it stands in a slot.
    caches: Vec<Option<Buffer>>,
}

impl<'g> Planner<'g> {
    fn new(graph: &'g Graph, gradients: Gradients) -> Self {
        let mut uses = vec![0; graph.values.len()];
        for input in graph.operations.iter().flat_map(|operation| &operation.inputs) {
            uses[*input] += 1;
        }
        let mut planner = Self {
            graph,
            gradients,
            uses,
            lives: vec![Life { columns: graph.values[0], first: 0, last: 0 }],
            reads: vec![Reads::default()],
            steps: Vec::new(),
            values: vec![INPUT; graph.values.len()],
            caches: vec![None; graph.operations.len()],
        };
        planner.hold(0, INPUT);
        planner
    }

    /// Says which buffer holds a value that no operation has read yet.
    fn hold(&mut self, value: usize, buffer: Buffer) {
        self.values[value] = buffer;
        let reads = &mut self.reads[buffer];
        reads.forward += self.uses[value];
        reads.backward += self.gradients.reads[value];
    }

    /// A new buffer, first touched by the next step.
    fn buffer(&mut self, columns: usize) -> Buffer {
        self.lives.push(Life { columns, first: self.steps.len(), last: self.steps.len() });
        self.reads.push(Reads::default());
        self.lives.len() - 1
    }

    /// Keeps a buffer alive until the next step.
    fn touch(&mut self, buffer: Buffer) {
        self.lives[buffer].last = self.steps.len();
    }

    fn push(&mut self, step: Step<Buffer>) {
        match &step {
            Step::Copy { from, to, .. } | Step::Add { from, to, .. } => {
                self.touch(*from);
                self.touch(*to);
            }
            Step::Join(Part { own, whole, .. }) | Step::Split(Part { own, whole, .. }) => {
                self.touch(*own);
                self.touch(*whole);
            }
            Step::Call(call) => call.operands.iter().for_each(|operand| self.lives[*operand].last = self.steps.len()),
        }
        self.steps.push(step);
    }

    /// A copy of a buffer.
    fn copy(&mut self, from: Buffer) -> Buffer {
        let columns = self.lives[from].columns;
        let to = self.buffer(columns);
        self.push(Step::Copy { from, to, columns });
        to
    }

    /// The buffer of a value, copied if it is the network's input itself.
    fn materialise(&mut self, value: usize) -> Buffer {
        if self.values[value] == INPUT {
            let buffer = self.copy(INPUT);
            self.reads[INPUT].backward -= self.gradients.reads[value];
            self.hold(value, buffer);
        }
        self.values[value]
    }

    /// The memory that a call needs for itself alone.
    fn scratch(&mut self, arguments: &[Argument]) -> Option<Buffer> {
        let columns = arguments.iter().find_map(|argument| match argument {
            Argument::Scratch(columns) => Some(*columns),
            _ => None,
        });
        columns.map(|columns| self.buffer(columns))
    }

    /// The call of an operation's function with operands that `place` finds for its arguments.
    fn call(&mut self, operation: usize, function: Function, mut place: impl FnMut(&Argument) -> Option<Buffer>) {
        let Some(arguments) = arguments(&self.graph.operations[operation], function) else { return };
        let operands = arguments.iter().filter_map(&mut place).collect();
        let function = resolve(&self.graph.operations[operation], function);
        self.push(Step::Call(Call { operation, function, operands }));
    }

    /// Gives every buffer its slot. `ends` are the ends of the forward pass, the loss, and the two backward passes.
    fn finish(self, ends: [usize; 4], output: Buffer, grad_output: Buffer) -> Plan {
        let (slots, places) = slots::assign(&self.lives);
        let steps: Vec<Step> = self.steps.iter().map(|step| step.map(|buffer| places[*buffer])).collect();
        let [forward, loss, backward, backward_input] = ends;
        Plan {
            slots,
            forward: fusion::fuse(self.graph, &steps[..forward]),
            output: places[output],
            loss: steps[forward..loss].to_vec(),
            grad_output: places[grad_output],
            backward: steps[loss..backward].to_vec(),
            backward_input: steps[backward..backward_input].to_vec(),
        }
    }
}

impl<P> Step<P> {
    fn map<Q>(&self, place: impl Fn(&P) -> Q) -> Step<Q> {
        match self {
            Self::Copy { from, to, columns } => Step::Copy { from: place(from), to: place(to), columns: *columns },
            Self::Add { from, to, columns } => Step::Add { from: place(from), to: place(to), columns: *columns },
            Self::Join(part) => Step::Join(part.map(place)),
            Self::Split(part) => Step::Split(part.map(place)),
            Self::Call(Call { operation, function, operands }) => Step::Call(Call {
                operation: *operation,
                function: *function,
                operands: operands.iter().map(place).collect(),
            }),
        }
    }
}

impl<P> Part<P> {
    fn map<Q>(&self, place: impl Fn(&P) -> Q) -> Part<Q> {
        let Self { own, whole, columns, pieces, offset } = self;
        Part { own: place(own), whole: place(whole), columns: *columns, pieces: *pieces, offset: *offset }
    }
}
