//! The resolved network: every name known, every size a number, every stage an operation of a graph.

pub mod builder;
mod graph;
pub mod naming;
mod shape_history;

use std::ops::Range;

pub mod definition;
mod combination;
mod element;
mod ports;
pub mod options;
pub mod shape;
pub mod spec;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{LitStr, Visibility};

use crate::diagnostic::Report;
pub use combination::{Broadcast, Combination};
pub use element::Element;
pub use graph::{Foreign, Graph, KeptValue, Kind, Operation, Outputs, Row, TypePath};
pub use ports::{Port, Ports, Tensors};
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
    /// The value that makes each output, by its number in the table.
    pub output_rows: Vec<usize>,
    /// Whether a network of the same invocation has a stage of its name.
    pub is_stage: bool,
    /// If it is the body of an `each`.
    pub each: Option<Each>,
    /// The bodies of its own `each` stages, in order.
    pub bodies: Vec<Self>,
    pub written: Written,
}

/// What is known of an `each` where its body is.
#[derive(Clone, Copy)]
pub struct Each {
    /// Whether it is frozen.
    pub is_frozen: bool,
}

impl Model {
    /// Whether the backward pass of a training step can go on to the gradient of the input: not for indices, nor through frozen
    /// stages, which keep nothing, unless another network may need it.
    pub fn has_input_gradient(&self) -> bool {
        self.has_trace() && (self.is_stage || !self.has_frozen())
    }

    /// Whether the outputs have a gradient with respect to an input.
    pub fn has_trace(&self) -> bool {
        self.tensors.inputs.0.iter().any(|input| !input.element.is_index())
    }

    /// The row of this number, counted behind the inputs; `None` for an input.
    pub fn row(&self, number: usize) -> Option<&Row> {
        self.rows.get(number.checked_sub(self.tensors.inputs.0.len())?)
    }

    /// The shape of an input, or of what a row makes.
    pub fn shape(&self, number: usize) -> Option<&Shape> {
        let input = self.tensors.inputs.0.get(number).map(|input| &input.shape);
        input.or_else(|| self.row(number).map(|row| &row.output))
    }

    /// Of each input, whether it is a sequence, step by step: by its rank, or because an `each` is applied to its steps.
    pub fn sequences(&self) -> Vec<bool> {
        let inputs = &self.tensors.inputs.0;
        let mut is_stepped = vec![false; inputs.len() + self.rows.len()];
        for (index, row) in self.rows.iter().enumerate().rev() {
            let operation = row.operation.map(|operation| &self.graph.operations[operation]);
            let has_steps = operation.is_some_and(|operation| operation.applied_to().is_some());
            // what has as many dimensions has the same first one, or `frames` says that it has not
            let is_alike = |input: &usize| self.shape(*input).map(Shape::rank) == Some(row.output.rank());
            if has_steps || is_stepped[inputs.len() + index] {
                row.inputs
                    .iter()
                    .filter(|input| has_steps || is_alike(input))
                    .for_each(|input| is_stepped[*input] = true);
            }
        }
        let is_sequence = |(number, (input, is_stepped)): (usize, (&Port, &bool))| {
            let has_steps = input.is_sequence() || *is_stepped && input.shape.rank() > 1;
            has_steps && self.most_steps(number).next().is_none()
        };
        inputs.iter().zip(&is_stepped).enumerate().map(is_sequence).collect()
    }

    /// For an input used as a length: the number of steps of each sequence it belongs to.
    pub fn most_steps(&self, input: usize) -> impl Iterator<Item = usize> {
        self.graph.operations.iter().flat_map(move |operation| {
            let values = operation.inputs.iter().skip(1).zip(operation.operands());
            values.filter_map(move |(value, operand)| operand.most_steps.filter(|_| *value == input))
        })
    }

    /// Whether there may be a step of a sequence. The body of an `each` is never asked for one.
    pub fn has_sequence(&self) -> bool {
        self.each.is_none() && self.sequences().contains(&true)
    }

    /// Whether there are frozen parameters.
    pub fn has_frozen(&self) -> bool {
        self.graph.operations.iter().any(Operation::has_frozen_field)
    }
}

/// What messages need of the spec.
pub struct Written {
    /// Each output: where its shape is declared, the shape that the graph makes, and the shapes up to it.
    pub outputs: Vec<(Span, Made)>,
    /// Each `#[frozen]`, in the order in which their stages end.
    pub frozen: Vec<FrozenMark>,
    /// The later turns of each `repeat`: what the spec has before.
    pub again: Vec<Again>,
}

impl Written {
    /// Whether an operation is in a later turn of a `repeat`, whose mistakes are reported for the first turn.
    pub fn is_operation_again(&self, operation: usize) -> bool {
        self.again.iter().any(|turns| turns.operations.contains(&operation))
    }

    /// The same of a row.
    pub fn is_row_again(&self, row: usize) -> bool {
        self.again.iter().any(|turns| turns.rows.contains(&row))
    }
}

/// The later turns of a `repeat`.
pub struct Again {
    pub operations: Range<usize>,
    pub rows: Range<usize>,
}

/// The shape of what makes an output.
pub struct Made {
    pub shape: Shape,
    /// The shapes up to it.
    pub shapes: ShapeHistory,
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

impl Attributes {
    /// Those of the body of an `each`, with its documentation.
    pub fn of_body(&self, docs: &str) -> Self {
        let Self { cfg, items, parameters, defaults, .. } = self;
        let [cfg, items, parameters, defaults] = [cfg, items, parameters, defaults].map(Clone::clone);
        Self { cfg, items, parameters, defaults, network: vec![quote!(#[doc = #docs])], weights: Vec::new() }
    }
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
