//! Where every value and gradient of a network stands: which share memory, and in which order the calls run.
//!
//! A buffer lives from the step that first writes it to the step that last touches it. Buffers whose lives do not overlap
//! share a slot of the workspace. An operation that can work in place does so when nobody needs its input any more; if
//! somebody does, the input is copied first.

mod backward;
mod combination;
mod forward;
mod frames;
mod fusion;
mod gradients;
mod planner;
mod slots;

use crate::model::spec::{Argument, Cache, Infer, Operand, Step as Steps};
use crate::model::{Broadcast, Graph, Kind, Model, Operation};
pub use frames::{Frames, Obstacle, Past};

/// A model with all its plans.
pub struct Planned {
    pub model: Model,
    pub plans: Plans,
    /// The bodies of its `each` stages.
    pub bodies: Vec<Self>,
}

/// All plans of a network.
pub struct Plans {
    pub training: Plan,
    pub inference: Plan,
    /// For the gradient of the input, if the input has one.
    pub trace: Option<Trace>,
    /// Of a sequence, its steps, or why there are none.
    pub stream: Option<Result<Stream, Obstacle>>,
}

/// The gradient of an output with respect to the input, and of nothing else.
pub struct Trace {
    pub graph: Graph,
    pub plan: Plan,
}

/// The steps of a sequence.
pub struct Stream {
    pub frames: Frames,
    /// Of one step.
    pub plan: Plan,
    /// Of a block of steps, whose lanes are the steps.
    pub block: Plan,
}

/// Plans all that a network does.
pub fn network(mut model: Model) -> Planned {
    let bodies = std::mem::take(&mut model.bodies).into_iter().map(network).collect();
    let graph = &model.graph;
    let stream = model.has_sequence().then(|| {
        let frames = frames::frames(&model)?;
        let [plan, block] = [Function::Step, Function::StepBlock].map(|step| planner::stream(&frames.graph, step));
        Ok(Stream { frames, plan, block })
    });
    let training = planner::training(graph, model.has_input_gradient());
    let trace = model.has_trace().then(|| {
        let graph = graph.without_gradients();
        let plan = planner::trace(&graph);
        Trace { graph, plan }
    });
    let plans = Plans { training, inference: planner::inference(graph), trace, stream };
    Planned { model, plans, bodies }
}

/// The calls of a network in order, with the places of their operands.
pub struct Plan {
    /// The columns of each slot.
    pub slots: Vec<usize>,
    pub forward: Vec<Step>,
    /// Where the only output stands after the forward pass; several have places of their own.
    pub output: Option<Place>,
    /// For training: what is done when the loss asks for the output, and where the gradient of the only one is to stand.
    pub loss: Vec<Step>,
    pub grad_output: Option<Place>,
    /// The gradients of the parameters.
    pub backward: Vec<Step>,
    /// The gradient of the network's input.
    pub backward_input: Vec<Step>,
}

/// Where a buffer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An input of the network, which the caller owns.
    Input(usize),
    /// One of several outputs, and its gradient.
    Output(usize),
    /// A value that is kept for the user.
    Kept(usize),
    Slot(usize),
}

/// One line of a pass.
#[derive(Clone)]
pub enum Step<P = Place> {
    /// Each value of `to` with the one of `from`.
    Each {
        function: Each,
        from: P,
        to: P,
        columns: usize,
    },
    /// Repeats a value until it fills a larger one.
    Expand(Spread<P>),
    /// Sums what `Expand` repeats.
    Reduce(Spread<P>),
    /// Copies a part into a whole: each of `pieces` equal pieces, at the columns from `offset` on of each piece of the whole.
    Join(Part<P>),
    /// Copies a part out of a whole.
    Split(Part<P>),
    Call(Call<P>),
    /// Reports the output of an operation, for the search for the first one that is not finite.
    Watch(Watch<P>),
}

/// What is done to each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    Copy,
    Add,
    Subtract,
    Multiply,
    /// Copies with the other sign.
    Negate,
}

impl Each {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Add => "add",
            Self::Subtract => "subtract",
            Self::Multiply => "multiply",
            Self::Negate => "negate",
        }
    }
}

/// A value and the larger one that it is broadcast to.
#[derive(Clone)]
pub struct Spread<P = Place> {
    pub own: P,
    pub whole: P,
    /// The columns of both.
    pub columns: [usize; 2],
    pub broadcast: Broadcast,
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

/// An operation's output.
#[derive(Clone, Copy)]
pub struct Watch<P = Place> {
    pub operation: usize,
    pub output: P,
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
    /// In evaluation mode, keeping what the gradient of the input needs: of a type from elsewhere that is frozen.
    Trace,
    BackwardShared,
    BackwardParameters,
    BackwardInput,
    /// The gradient of an operand, by its place among the inputs.
    BackwardOperand(usize),
    /// The gradient of the input after `Trace`.
    TraceBackward,
    /// One step of a sequence.
    Step,
    /// A block of steps.
    StepBlock,
}

impl Function {
    pub const fn is_backward(self) -> bool {
        match self {
            Self::BackwardShared
            | Self::BackwardParameters
            | Self::BackwardInput
            | Self::BackwardOperand(_)
            | Self::TraceBackward => true,
            Self::Forward | Self::ForwardRelu | Self::Infer | Self::Trace | Self::Step | Self::StepBlock => false,
        }
    }

    /// Whether it makes the gradient of a value that the operation takes.
    const fn makes_input_gradient(self) -> bool {
        matches!(self, Self::BackwardInput | Self::BackwardOperand(_))
    }

    /// The function that makes the gradient of what an operation takes at this place.
    const fn of_input_gradient(place: usize) -> Self {
        if place == 0 { Self::BackwardInput } else { Self::BackwardOperand(place) }
    }

    /// Its name among the functions of a layer with these operands.
    pub fn name(self, operands: &[Operand]) -> String {
        let name = match self {
            Self::BackwardOperand(place) => {
                return operands.get(place - 1).map(Operand::backward_name).unwrap_or_default();
            }
            Self::Forward => "forward",
            Self::ForwardRelu => "forward_relu",
            Self::Infer => "infer",
            Self::Trace => "trace",
            Self::BackwardShared => "backward_shared",
            Self::BackwardParameters => "backward_parameters",
            Self::BackwardInput => "backward_input",
            Self::TraceBackward => "trace_backward",
            Self::Step => "step",
            Self::StepBlock => "step_block",
        };
        name.to_owned()
    }
}

/// The arguments of an operation's function; `None` if the operation has no such function.
///
/// `Infer` of a layer that runs in evaluation mode as in training is its `Forward`: [`called`] says so.
pub fn arguments(operation: &Operation, function: Function) -> Option<Vec<Argument>> {
    use Argument::{
        BlockWorkspace, Cache, GradOutput, Input, InputThenGrad, LayerGradient, Output, Scratch, StagePass, State,
    };
    match &operation.kind {
        Kind::Layer { layer, .. } => match function {
            Function::Forward | Function::ForwardRelu | Function::Trace => layer.calls.forward.clone(),
            Function::Infer => match &layer.calls.infer {
                Infer::Forward => layer.calls.forward.clone(),
                Infer::Call(call) => Some(call.clone()),
                Infer::Nothing => None,
            },
            Function::BackwardShared => layer.calls.backward_shared.clone(),
            Function::BackwardParameters => layer.calls.backward_parameters.clone(),
            Function::BackwardInput | Function::TraceBackward => layer.calls.backward_input.clone(),
            Function::BackwardOperand(place) => layer.operands.get(place - 1)?.backward.clone(),
            Function::Step | Function::StepBlock => match &layer.calls.step {
                Steps::Never(_) | Steps::Transpose | Steps::Last => None,
                Steps::Each | Steps::Infer(_) => arguments(operation, Function::Infer),
                Steps::Call { memory: Some(memory), call, .. } if function == Function::StepBlock => {
                    Some([&call[..], &[Scratch(memory.scratch)]].concat())
                }
                Steps::Call { call, .. } => Some(call.clone()),
            },
        },
        Kind::Foreign(_) => match function {
            Function::Forward if !operation.is_trained() => arguments(operation, Function::Trace),
            Function::BackwardInput if !operation.is_trained() => arguments(operation, Function::TraceBackward),
            Function::Forward => Some(vec![Input, Output, Cache, StagePass]),
            Function::Step if operation.frame().is_some() => Some(vec![Input, Output, State]),
            Function::StepBlock if operation.frame().is_some() => Some(vec![Input, Output, State, BlockWorkspace]),
            Function::Infer | Function::Trace | Function::Step | Function::StepBlock => {
                Some(vec![Input, Output, Cache])
            }
            Function::TraceBackward => Some(vec![InputThenGrad, Cache, GradOutput]),
            Function::ForwardRelu | Function::BackwardShared | Function::BackwardOperand(_) => None,
            Function::BackwardParameters => Some(vec![Input, Cache, GradOutput, LayerGradient, StagePass]),
            Function::BackwardInput => Some(vec![InputThenGrad, Cache, GradOutput, StagePass]),
        },
        Kind::Combine { .. } | Kind::Concat { .. } => None,
    }
}

/// The function that runs for `function`.
fn called(operation: &Operation, function: Function) -> Function {
    match (&operation.kind, function) {
        (Kind::Layer { layer, .. }, Function::Infer) if matches!(layer.calls.infer, Infer::Forward) => {
            Function::Forward
        }
        (Kind::Layer { layer, .. }, Function::Step | Function::StepBlock) => match layer.calls.step {
            Steps::Call { memory: Some(_), .. } => function,
            Steps::Call { memory: None, .. } => Function::Step,
            _ => called(operation, Function::Infer),
        },
        (Kind::Foreign(_), Function::Step | Function::StepBlock) if operation.frame().is_none() => Function::Infer,
        (Kind::Foreign(_), Function::Forward) if !operation.is_trained() => Function::Trace,
        (Kind::Foreign(_), Function::BackwardInput) if !operation.is_trained() => Function::TraceBackward,
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

impl<P> Step<P> {
    fn map<Q>(&self, place: impl Fn(&P) -> Q) -> Step<Q> {
        match self {
            Self::Each { function, from, to, columns } => {
                Step::Each { function: *function, from: place(from), to: place(to), columns: *columns }
            }
            Self::Expand(spread) => Step::Expand(spread.map(place)),
            Self::Reduce(spread) => Step::Reduce(spread.map(place)),
            Self::Join(part) => Step::Join(part.map(place)),
            Self::Split(part) => Step::Split(part.map(place)),
            Self::Call(Call { operation, function, operands }) => Step::Call(Call {
                operation: *operation,
                function: *function,
                operands: operands.iter().map(place).collect(),
            }),
            Self::Watch(Watch { operation, output }) => {
                Step::Watch(Watch { operation: *operation, output: place(output) })
            }
        }
    }
}

impl<P> Spread<P> {
    fn map<Q>(&self, place: impl Fn(&P) -> Q) -> Spread<Q> {
        let Self { own, whole, columns, broadcast } = self;
        Spread { own: place(own), whole: place(whole), columns: *columns, broadcast: broadcast.clone() }
    }
}

impl<P> Part<P> {
    fn map<Q>(&self, place: impl Fn(&P) -> Q) -> Part<Q> {
        let Self { own, whole, columns, pieces, offset } = self;
        Part { own: place(own), whole: place(whole), columns: *columns, pieces: *pieces, offset: *offset }
    }
}
