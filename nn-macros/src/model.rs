//! The resolved network: every name known, every size a number, every stage an operation of a graph.

pub mod builder;
mod graph;
pub mod naming;
mod shape_history;

use std::ops::Range;

pub mod definition;
mod combination;
mod element;
pub mod options;
pub mod shape;
pub mod spec;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{LitStr, Visibility};

use crate::diagnostic::Report;
pub use combination::{Broadcast, Combination};
pub use element::Element;
pub use graph::{Foreign, Graph, Kind, Operation, Row, TypePath};
use shape::Shape;
pub use shape_history::ShapeHistory;

/// A network whose graph is complete. `check` finds out whether it keeps the rules.
pub struct Model {
    pub attributes: Attributes,
    pub visibility: Visibility,
    pub name: Ident,
    pub tensors: Tensors,
    pub graph: Graph,
    pub rows: Vec<Row>,
    /// The row that makes the output, counted from 1.
    pub output_row: usize,
    /// Whether a network of the same invocation has a stage of its name.
    pub is_stage: bool,
    pub written: Written,
}

impl Model {
    /// Whether the backward pass of a training step can go on to the gradient of the input: not for indices, nor through frozen
    /// stages, which keep nothing, unless another network may need it.
    pub fn has_input_gradient(&self) -> bool {
        self.has_trace() && (self.is_stage || !self.has_frozen())
    }

    /// Whether the outputs have a gradient with respect to the input.
    pub fn has_trace(&self) -> bool {
        !self.tensors.element.is_index()
    }

    /// Whether there are frozen parameters.
    pub fn has_frozen(&self) -> bool {
        self.graph.operations.iter().any(Operation::has_frozen_field)
    }
}

/// What messages need of the spec.
pub struct Written {
    /// Where the shape of the output is declared.
    pub output: Span,
    /// The shape that the graph makes.
    pub made: Shape,
    /// The shapes up to the output.
    pub shapes: ShapeHistory,
    /// Each `#[frozen]`, in the order in which their stages end.
    pub frozen: Vec<FrozenMark>,
    /// The operations of the later turns of each `repeat`: what the spec has before.
    pub again: Vec<Range<usize>>,
}

/// A stage that is marked `#[frozen]`.
pub struct FrozenMark {
    pub span: Span,
    pub keyword: String,
    /// The operations of the stage.
    pub operations: Range<usize>,
}

/// The attributes of a network, by the items that they go to.
#[derive(Default)]
pub struct Attributes {
    /// Conditions on all that is written.
    pub cfg: Vec<TokenStream>,
    /// Of every struct.
    pub items: Vec<TokenStream>,
    /// Of every struct of parameters: derives, and the attributes that derives read.
    pub parameters: Vec<TokenStream>,
    /// Of the network itself.
    pub network: Vec<TokenStream>,
    /// The conditions on implementing `Default`, one list an implementation.
    pub defaults: Vec<TokenStream>,
    pub weights: Vec<WeightsFile>,
}

/// `#[weights("network.safetensors")]`
#[derive(Clone)]
pub struct WeightsFile {
    /// As it is written.
    pub path: LitStr,
    /// The condition of each `cfg_attr` around the attribute.
    pub conditions: Vec<TokenStream>,
}

/// A file of weights as it is to be compiled.
pub struct Pretrained {
    pub file: WeightsFile,
    /// What was read; its mistakes are to be reported where the conditions hold.
    pub values: Result<Values, Report>,
}

/// The values of a file, in memory order.
pub struct Values {
    /// The file's absolute path.
    pub path: String,
    /// The stages of the network, and those that are frozen; `None` if the file has nothing of them.
    pub parts: [Option<Vec<StageValues>>; 2],
}

/// The values of a stage.
pub struct StageValues {
    pub operation: usize,
    pub values: Stored,
}

#[cfg_attr(not(feature = "weights"), expect(dead_code, reason = "nothing is read without the feature"))]
pub enum Stored {
    /// All parameters of a layer of the library, in memory order, without gaps.
    Layer(Vec<u8>),
    /// The tensors of a type from elsewhere, and its description, if the file has one.
    Foreign(Vec<StoredTensor>, Option<Vec<StoredLine>>),
}

/// A line of the description of a network inside of the network.
#[derive(Clone)]
pub struct StoredLine {
    pub text: String,
    /// The layer, its options and its shapes, with `#` for each number that is no size.
    pub essence: String,
    pub numbers: Vec<f64>,
}

/// A tensor for a stage whose type is from elsewhere.
pub struct StoredTensor {
    /// Without the stage's name.
    pub name: String,
    pub shape: Vec<usize>,
    /// Its values row by row.
    pub rows: Vec<u8>,
    /// Its values column by column, where that is another order.
    pub columns: Option<Vec<u8>>,
}

/// What goes into a network and what comes out.
#[derive(Clone)]
pub struct Tensors {
    /// The type of an input value.
    pub element: Element,
    /// The type that the network computes in.
    pub scalar: Element,
    pub input: Shape,
    pub output: Shape,
}

impl Tensors {
    /// Whether the input may be a sequence: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
    pub fn is_sequence(&self) -> bool {
        self.input.sizes().len() == if self.element.is_index() { 1 } else { 2 }
    }

    /// The input with its channels first, if a layer that takes images or signals says that they are probably written
    /// last.
    pub fn channels_first(&self, keyword: &str) -> Option<Shape> {
        let meant = self.input.channels_first()?;
        let is_window = match meant.sizes().len() {
            2 => keyword.ends_with("1d"),
            _ => keyword.ends_with("2d"),
        };
        is_window.then_some(meant)
    }
}
