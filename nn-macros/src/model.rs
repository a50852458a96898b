//! The checked network: every name resolved, every size a number. Nothing after `check` can fail.

pub mod definition;
mod element;
pub mod options;
pub mod shape;
pub mod spec;

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitStr, Path, Visibility};

use crate::diagnostic::Report;
pub use element::Element;
use options::OptionValue;
use shape::Shape;
use spec::{Kept, Layer};

/// A network without mistakes.
pub struct Model {
    pub attributes: Attributes,
    pub visibility: Visibility,
    pub name: Ident,
    pub tensors: Tensors,
    pub graph: Graph,
    pub rows: Vec<Row>,
    pub pretrained: Vec<Pretrained>,
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

/// The operations in the order in which they run, on values that are each made once.
pub struct Graph {
    pub operations: Vec<Operation>,
    /// The number of scalars a sample of each value. Value 0 is the input.
    pub values: Vec<usize>,
    /// The value that the network makes.
    pub output: usize,
}

impl Graph {
    /// Where each input of a concatenation begins in a piece of the whole.
    pub fn offsets(&self, operation: &Operation, pieces: usize) -> Vec<usize> {
        let begin = |offset: &mut usize, value: &usize| {
            let here = *offset;
            *offset += self.values[*value] / pieces;
            Some(here)
        };
        operation.inputs.iter().scan(0, begin).collect()
    }
}

/// A layer at its place in a network.
#[derive(Clone)]
pub struct Operation {
    pub kind: Kind,
    /// The values that it takes: one, but for a sum.
    pub inputs: Vec<usize>,
    pub output: usize,
    /// The names of the structures around it, and its own.
    pub path: Vec<Ident>,
    /// Whether it has a field in the network, or in the frozen parameters.
    pub has_field: bool,
    /// Its row in the table of layers.
    pub row: usize,
    /// The comments written above the stage.
    pub docs: Vec<Attribute>,
    pub is_frozen: bool,
}

/// What an operation does.
#[derive(Clone)]
pub enum Kind {
    /// A layer of the library.
    Layer { keyword: &'static str, layer: Box<Layer> },
    /// Another network, or a user's own layer.
    Foreign { path: Path, input: Shape, output: Shape },
    /// The sum of values of one shape.
    Sum,
    /// Values side by side, in this many equal pieces: what stands before the dimension along which they are joined.
    Concat { pieces: usize },
}

impl Operation {
    /// What it keeps for the user.
    pub fn layer_kept(&self) -> Option<&Kept> {
        if let Kind::Layer { layer, .. } = &self.kind { layer.kept.as_ref() } else { None }
    }

    /// Whether it has parameters that are trained. A user's own layer may have some.
    pub fn is_trained(&self) -> bool {
        let has_parameters = match &self.kind {
            Kind::Layer { layer, .. } => layer.trainable() > 0,
            Kind::Foreign { .. } => true,
            Kind::Sum | Kind::Concat { .. } => false,
        };
        has_parameters && !self.is_frozen
    }
}

/// A row of the table of layers.
pub struct Row {
    pub name: String,
    pub keyword: String,
    /// What it takes: 0 is the network's input, and each row makes one more.
    pub inputs: Vec<usize>,
    /// The shape of the last of them.
    pub input: Shape,
    pub output: Shape,
    /// All options of a layer, with their values.
    pub options: Vec<(&'static str, OptionValue)>,
    /// The operation that the row is about, if it writes code.
    pub operation: Option<usize>,
}
