//! The layers that have a keyword. Each says, as data, what it takes, what it makes, and which calls it writes.
//!
//! The argument lists of the calls are all that the planner knows of a layer: a backward call that takes the input keeps
//! the input alive until then, a forward call that takes a `Value` works in place.

mod avg_pool1d;
mod avg_pool2d;
mod batch_norm1d;
mod batch_norm2d;
mod conv1d;
mod conv2d;
mod conv_transpose1d;
mod conv_transpose2d;
mod dropout;
mod elementwise;
mod embedding;
mod flatten;
mod global_avg_pool;
mod global_max_pool;
mod group_norm;
mod gru;
mod last;
mod layer_norm;
mod linear;
mod log_softmax;
mod lstm;
mod max_pool1d;
mod max_pool2d;
mod mean;
mod multihead_attention;
mod positional_embedding;
mod positional_encoding;
mod prelu;
mod reshape;
mod rms_norm;
mod rnn;
mod shared;
mod softmax;
mod transpose;

use proc_macro2::{Ident, TokenStream};

use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::model::shape::{MOST_VALUES, Shape};
use crate::options::{OptionSpec, Options};

/// Every layer that has a keyword, apart from the structures, which `check` takes apart.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    LAYERS.iter().chain(elementwise::DEFINITIONS)
}

/// The keywords of the structures.
pub const STRUCTURES: &[&str] = &["add", "concat", "repeat", "residual"];

/// The keywords of all layers and structures.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    all().map(|layer| layer.keyword).chain(STRUCTURES.iter().copied())
}

/// Whether a layer is an entry in the table of elementwise functions, without a file of its own.
#[cfg(test)]
pub fn is_elementwise(keyword: &str) -> bool {
    elementwise::DEFINITIONS.iter().any(|layer| layer.keyword == keyword)
}

const LAYERS: &[Definition] = &[
    avg_pool1d::DEFINITION,
    avg_pool2d::DEFINITION,
    batch_norm1d::DEFINITION,
    batch_norm2d::DEFINITION,
    conv1d::DEFINITION,
    conv2d::DEFINITION,
    conv_transpose1d::DEFINITION,
    conv_transpose2d::DEFINITION,
    dropout::DEFINITION,
    embedding::DEFINITION,
    flatten::DEFINITION,
    global_avg_pool::DEFINITION,
    global_max_pool::DEFINITION,
    group_norm::DEFINITION,
    gru::DEFINITION,
    last::DEFINITION,
    layer_norm::DEFINITION,
    linear::DEFINITION,
    log_softmax::DEFINITION,
    lstm::DEFINITION,
    max_pool1d::DEFINITION,
    max_pool2d::DEFINITION,
    mean::DEFINITION,
    multihead_attention::DEFINITION,
    positional_embedding::DEFINITION,
    positional_encoding::DEFINITION,
    prelu::DEFINITION,
    reshape::DEFINITION,
    rms_norm::DEFINITION,
    rnn::DEFINITION,
    softmax::DEFINITION,
    transpose::DEFINITION,
];

/// What a keyword stands for.
pub struct Definition {
    pub keyword: &'static str,
    pub options: &'static [OptionSpec],
    /// Whether its input is indices rather than numbers.
    pub takes_indices: bool,
    /// The layer that these options make on this input.
    pub build: fn(&Context) -> Result<Layer, Diagnostic>,
}

/// What a layer is built from.
pub struct Context<'a> {
    pub keyword: &'a Ident,
    pub input: &'a Shape,
    /// Whether the input has the shape that the network's input is declared with.
    pub is_declared: bool,
    /// The declared input with its channels first, if they are probably written last.
    pub channels_first: Option<Shape>,
    pub options: &'a Options,
}

impl Context<'_> {
    /// The input has a rank that the layer does not take, which is at most `most`. The batch may be to blame, else `help`
    /// says what to do.
    pub fn wrong_shape(&self, takes: &str, most: usize, help: impl Into<String>) -> Diagnostic {
        let error = format!("`{}` takes {takes}, but its input has shape {}", self.keyword, self.input);
        let error = Diagnostic::new(self.keyword.span(), error);
        let meant = self.input.without_batch().filter(|_| self.is_declared);
        match (meant, self.input.sizes()) {
            (Some(meant), [_, _, _, _, ..]) => error.help(format!(
                "shapes are written without the batch, and images as [channels, height, width]: declare the input as `{meant}`"
            )),
            (Some(meant), [first, ..]) if self.input.sizes().len() == most + 1 && *first > 4 => {
                error.help(format!("if {first} is the batch, declare the input without it: `{meant}`; else {}", help.into()))
            }
            _ => error.help(help),
        }
    }

    /// The help, or that the channels may be written last.
    pub fn or_channels_first(&self, help: String) -> String {
        self.channels_first.iter().fold(help, |help, meant| meant.or_channels_first(&help))
    }

    /// A mistake in an option, which stands there, or at the keyword if the option is not written.
    pub fn error_at(&self, option: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::across(self.options.extent(option).unwrap_or([self.keyword.span(); 2]), message)
    }

    /// The size of the last dimension.
    pub fn last(&self) -> usize {
        self.input.sizes().last().copied().unwrap_or(1)
    }

    /// Whether the layer works over several `values`: over a single one its output does not depend on it.
    pub fn check_several(&self, values: usize, outcome: &str, help: &str) -> Result<(), Diagnostic> {
        if values > 1 {
            return Ok(());
        }
        let (keyword, input) = (self.keyword, self.input);
        let error = format!("`{keyword}` on {input} works over single values, so its output is always {outcome}");
        Err(Diagnostic::new(keyword.span(), error).help(help))
    }

    /// The output's shape, unless it is unreasonably large.
    pub fn output(&self, sizes: Vec<usize>) -> Result<Shape, Diagnostic> {
        Shape::new(sizes).map_err(|problem| {
            Diagnostic::new(self.keyword.span(), format!("`{}` cannot make its output: {problem}", self.keyword))
        })
    }

    /// The layer, unless it has entries that no index of this element can reach.
    pub fn check_reach(&self, layer: Layer, element: Element) -> Result<Layer, Diagnostic> {
        let (Some(entries), Some(reached)) = (layer.index_bound, element.indices()) else { return Ok(layer) };
        if entries as u64 <= reached {
            return Ok(layer);
        }
        let (keyword, element) = (self.keyword, element.name());
        let error =
            format!("`{keyword}` has {entries} entries, but an index of type `{element}` reaches only {reached}");
        let wider = if entries <= 1 << 16 { "u16" } else { "u32" };
        let help = format!("declare the input as `{wider} {}`", self.input);
        Err(self.error_at("num_embeddings", error).help(help))
    }

    /// The layer, unless it has unreasonably many parameters.
    pub fn check_size(&self, layer: Layer) -> Result<Layer, Diagnostic> {
        let is_large = |parameter: &&Parameter| {
            let len = parameter.rows.checked_mul(parameter.columns.unwrap_or(1));
            len.is_none_or(|len| len > MOST_VALUES)
        };
        match layer.parameters.iter().find(is_large) {
            None => Ok(layer),
            Some(Parameter { name, rows, columns, .. }) => {
                let columns = columns.map_or_else(String::new, |columns| format!(" x {columns}"));
                let error =
                    format!("`{}` has a `{name}` of {rows}{columns}, more than {MOST_VALUES} values", self.keyword);
                Err(Diagnostic::new(self.keyword.span(), error).help("make its input or its output smaller"))
            }
        }
    }
}

/// A layer with its sizes.
#[derive(Clone, Default)]
pub struct Layer {
    pub output: Option<Shape>,
    pub parameters: Vec<Parameter>,
    pub cache: Option<Cache>,
    pub kept: Option<Kept>,
    /// The multiply-adds of a forward pass over one sample.
    pub multiply_adds: u64,
    pub mini_batch: MiniBatch,
    /// For indices: the number of entries, which every index must be below.
    pub index_bound: Option<usize>,
    /// Whether the gradient of the input is that of the output, so that there is no call for it.
    pub passes_gradient: bool,
    /// Whether there is a `forward_relu` with the arguments of `forward`, which does a relu's work too.
    pub has_forward_relu: bool,
    pub calls: Calls,
}

/// The mini-batches that a layer can be trained on.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum MiniBatch {
    #[default]
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
    pub steps: usize,
}

impl Kept {
    /// The scalars a sample.
    pub fn len(&self) -> usize {
        self.heads * self.steps * self.steps
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
    /// With a state of so many scalars, if time runs along this dimension.
    Call { axis: Axis, state: usize, call: Call },
    /// Not at all: it only makes time run along the other dimension.
    Transpose,
    /// Not at all: a step is its whole output.
    Last,
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

/// An argument of a call.
#[derive(Clone)]
pub enum Argument {
    /// An option.
    Option(TokenStream),
    Parameter(&'static str),
    /// An array of parameters.
    Parameters(&'static [&'static str]),
    /// `Some(..)` if the layer has the parameter, else `None`.
    OptionalParameter(&'static str),
    /// The gradient of a parameter, to be added to; in `init` the parameter itself. Without a name, the gradient of a whole
    /// layer that is none of the library's.
    Gradient(&'static str),
    /// An array of the gradients of parameters.
    Gradients(&'static [&'static str]),
    OptionalGradient(&'static str),
    Input,
    Output,
    /// The input on entry, the output on exit.
    Value,
    Cache,
    /// `Some(..)` of what the layer keeps, if it keeps anything, else `None`.
    OptionalKept,
    /// Memory for the call alone, of so many scalars a sample.
    Scratch(usize),
    GradOutput,
    GradInput,
    /// The gradient of the output on entry, of the input on exit.
    Grad,
    /// The input on entry, its gradient on exit.
    InputThenGrad,
    /// What a step carries to the next.
    State,
    Pass,
    /// The pass with random numbers of the stage's own.
    StagePass,
    Rng,
}

impl Layer {
    /// A layer without parameters that works in place, whose backward call takes what `backward` says.
    fn in_place(context: &Context, options: &[Argument], backward: &[Argument]) -> Self {
        Self {
            output: Some(context.input.clone()),
            calls: Calls {
                forward: Some([options, &[Argument::Value]].concat()),
                backward_input: Some([options, backward, &[Argument::Grad]].concat()),
                step: Step::Each,
                ..Calls::default()
            },
            ..Self::default()
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
