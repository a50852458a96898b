//! The vocabulary of layers: each says with it, as data, what it makes, what it keeps, and which calls it writes.
//!
//! The argument lists of the calls are all that the planner knows of a layer: a backward call that takes the input keeps
//! the input alive until then, a forward call that takes a `Value` works in place.

use proc_macro2::TokenStream;

use super::shape::Shape;

/// A layer with its sizes.
#[derive(Clone)]
pub struct Layer {
    pub output: Shape,
    pub parameters: Vec<Parameter>,
    pub cache: Option<Cache>,
    pub kept: Option<Kept>,
    /// The multiply-adds of a forward pass over one sample.
    pub multiply_adds: u64,
    pub mini_batch: MiniBatch,
    /// For indices: the number of entries, which every index must be below.
    pub index_bound: Option<usize>,
    /// Further values that it takes, in the order of the operation's inputs after the first.
    pub operands: Vec<Operand>,
    /// Whether the gradient of the input is that of the output, so that there is no call for it.
    pub passes_gradient: bool,
    /// Whether there is a `forward_relu` with the arguments of `forward`, which does a relu's work too.
    pub has_forward_relu: bool,
    pub calls: Calls,
}

impl Layer {
    /// A layer that makes this shape, without parameters and without calls.
    pub fn new(output: Shape) -> Self {
        Self {
            output,
            parameters: Vec::new(),
            cache: None,
            kept: None,
            multiply_adds: 0,
            mini_batch: MiniBatch::Any,
            index_bound: None,
            operands: Vec::new(),
            passes_gradient: false,
            has_forward_relu: false,
            calls: Calls::default(),
        }
    }

    /// A layer without parameters that works in place, whose backward call takes what `backward` says.
    pub fn in_place(shape: &Shape, options: &[Argument], backward: &[Argument]) -> Self {
        Self {
            calls: Calls {
                forward: Some([options, &[Argument::Value]].concat()),
                backward_input: Some([options, backward, &[Argument::Grad]].concat()),
                step: Step::Each,
                ..Calls::default()
            },
            ..Self::new(shape.clone())
        }
    }

    /// The number of trainable scalars.
    pub fn trainable(&self) -> usize {
        self.parameters.iter().filter(|parameter| !parameter.is_state).map(Parameter::len).sum()
    }

    /// The number of running statistics.
    pub fn state(&self) -> usize {
        self.parameters.iter().filter(|parameter| parameter.is_state).map(Parameter::len).sum()
    }
}

/// A value that a layer takes besides its input.
#[derive(Clone)]
pub struct Operand {
    /// The option that gives it.
    pub option: &'static str,
    /// Of the length of a sequence: the steps that there are at most.
    pub most_steps: Option<usize>,
    /// The call that makes its gradient, `None` of indices.
    pub backward: Option<Call>,
}

impl Operand {
    /// The name of the function that makes its gradient, such as `backward_h_0`.
    pub fn backward_name(&self) -> String {
        format!("backward_{}", self.option)
    }
}

/// The mini-batches that a layer can be trained on.
#[derive(Clone, Copy, PartialEq)]
pub enum MiniBatch {
    Any,
    /// Those that fit into a tile.
    OneTile,
    /// Those of two samples or more that fit into a tile.
    SeveralInOneTile,
}

/// A parameter, or a running statistic.
#[derive(Clone)]
pub struct Parameter {
    /// Its name in PyTorch's `state_dict`; with a dot, it is a field of a struct in the stage's own.
    pub name: &'static str,
    pub rows: usize,
    /// `None` for a vector.
    pub columns: Option<usize>,
    pub is_state: bool,
    /// Its shape in PyTorch.
    pub shape: Vec<usize>,
    /// Whether its columns are PyTorch's rows.
    pub is_transposed: bool,
}

impl Parameter {
    pub fn matrix(name: &'static str, rows: usize, columns: usize) -> Self {
        Self { columns: Some(columns), shape: vec![rows, columns], ..Self::vector(name, rows) }
    }

    /// One column for each of PyTorch's rows.
    pub fn table(name: &'static str, rows: usize, columns: usize) -> Self {
        Self { shape: vec![columns, rows], is_transposed: true, ..Self::matrix(name, rows, columns) }
    }

    pub fn vector(name: &'static str, rows: usize) -> Self {
        Self { name, rows, columns: None, is_state: false, shape: vec![rows], is_transposed: false }
    }

    pub fn state(name: &'static str, rows: usize) -> Self {
        Self { is_state: true, ..Self::vector(name, rows) }
    }

    /// A matrix that PyTorch has in more dimensions: those after the first are our columns.
    pub fn shape(self, shape: Vec<usize>) -> Self {
        Self { shape, ..self }
    }

    /// The number of scalars.
    pub fn len(&self) -> usize {
        self.rows * self.columns.unwrap_or(1)
    }
}

/// What the forward pass keeps for the backward pass besides inputs and outputs.
#[derive(Clone, Copy)]
pub enum Cache {
    /// So many scalars a sample.
    Lanes(usize),
    /// So many small integers a sample.
    Bytes(usize),
    /// A matrix for the whole batch.
    Matrix(usize, usize),
}

/// Weights of attention that stand in a field of their own of each workspace, so that the user can read them after a pass.
#[derive(Clone)]
pub struct Kept {
    pub heads: usize,
    /// The steps of the queries, and those of the keys.
    pub steps: [usize; 2],
}

impl Kept {
    /// The scalars a sample.
    pub fn len(&self) -> usize {
        self.heads * self.steps[0] * self.steps[1]
    }
}

/// The calls that a layer writes, each a list of arguments.
#[derive(Clone, Default)]
pub struct Calls {
    pub init: Option<Call>,
    /// `None` if the layer only gives its input another shape.
    pub forward: Option<Call>,
    pub infer: Infer,
    /// Runs before the two others, where they share work.
    pub backward_shared: Option<Call>,
    pub backward_parameters: Option<Call>,
    pub backward_input: Option<Call>,
    pub step: Step,
}

/// The arguments of a call, in order.
pub type Call = Vec<Argument>;

/// How a layer runs in evaluation mode.
#[derive(Clone, Default)]
pub enum Infer {
    /// As in training.
    #[default]
    Forward,
    /// By a call of its own.
    Call(Call),
    /// Not at all: its output is its input.
    Nothing,
}

/// How a layer runs on one step of a sequence.
#[derive(Clone)]
pub enum Step {
    /// It cannot, because of what it does: the words after "its stage `name`".
    Never(&'static str),
    /// As in evaluation mode, along whichever dimension time runs.
    Each,
    /// As in evaluation mode, on a sequence of one step, if time runs along this dimension.
    Infer(Axis),
    /// By a call of its own, if time runs along this dimension.
    Call { axis: Axis, memory: Option<Memory>, call: Call },
    /// Not at all: it only makes time run along the other dimension.
    Transpose,
    /// Not at all: a step is its whole output.
    Last,
}

/// What a layer remembers of the steps so far.
#[derive(Clone, Copy)]
pub struct Memory {
    /// The scalars of its state.
    pub state: usize,
    /// How many steps before the present one an output reads; `None` for all of them.
    pub past: Option<usize>,
    /// Scratch scalars per step in a block.
    pub scratch: usize,
}

impl Step {
    /// Of a layer of this rank that works along one dimension alone, by a call with `options`: time runs along the other.
    pub fn of_other_dimension(rank: usize, dim: usize, options: impl FnOnce() -> Call) -> Self {
        let axis = match (rank, dim) {
            (2, 0) => Axis::Last,
            (2, 1) => Axis::First,
            _ => return Self::default(),
        };
        let call = [options(), vec![Argument::Input, Argument::Output]].concat();
        Self::Call { axis, memory: None, call }
    }
}

impl Default for Step {
    fn default() -> Self {
        Self::Never("needs the whole sequence")
    }
}

/// The dimension along which time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// That of the steps in `[steps, features]`.
    First,
    /// That of the length in `[channels, length]`.
    Last,
}

impl Argument {
    /// The places, among the operation's inputs, of the values that it reads.
    pub fn reads(&self) -> Vec<usize> {
        match self {
            Self::Input | Self::InputThenGrad => vec![0],
            Self::Operand(place) => vec![*place],
            Self::OptionalOperands(places) => places.iter().flatten().copied().collect(),
            _ => Vec::new(),
        }
    }
}

/// An argument of a call.
#[derive(Clone)]
pub enum Argument {
    /// An option.
    Option(TokenStream),
    Parameter(&'static str),
    /// An array of parameters.
    Parameters(&'static [&'static str]),
    /// An array of the values of parameters of any sizes.
    Slices(&'static [&'static str]),
    /// `Some(..)` if the layer has the parameter, else `None`.
    OptionalParameter(&'static str),
    /// The gradient of a parameter, to be added to; in `init` the parameter itself.
    Gradient(&'static str),
    /// The gradient of all parameters of a layer that is none of the library's, to be added to.
    LayerGradient,
    /// An array of the gradients of parameters.
    Gradients(&'static [&'static str]),
    /// An array of the gradients of parameters of any sizes.
    GradientSlices(&'static [&'static str]),
    OptionalGradient(&'static str),
    Input,
    /// A further value that the layer takes, by its place among the operation's inputs: 1 is the first.
    Operand(usize),
    /// An array with an entry for each of several operands: its values, if it is given.
    OptionalOperands(Vec<Option<usize>>),
    Output,
    /// The input on entry, the output on exit.
    Value,
    Cache,
    /// `Some(..)` of what the layer keeps, if it keeps anything, else `None`.
    OptionalKept,
    /// Memory for the call alone, of so many scalars a sample.
    Scratch(usize),
    GradOutput,
    /// The gradient of the input, or of the operand that the call is for.
    GradInput,
    /// The gradient of the output on entry, of the input on exit.
    Grad,
    /// The input on entry, its gradient on exit.
    InputThenGrad,
    /// What a step carries to the next.
    State,
    /// The workspace of a type from elsewhere for a block of steps.
    BlockWorkspace,
    Pass,
    /// The pass with random numbers of the stage's own.
    StagePass,
    Rng,
}
