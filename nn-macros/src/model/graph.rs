//! The graph of operations.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;

use super::options::OptionValue;
use super::shape::Shape;
use super::spec::{Kept, Layer, MiniBatch, Operand};
use super::{Broadcast, Combination, Element};

/// The operations in the order in which they run, on values that are each made once.
#[derive(Clone)]
pub struct Graph {
    pub operations: Vec<Operation>,
    /// The number of scalars a sample of each value. The first values are the inputs.
    pub values: Vec<usize>,
    /// Of each input, whether it is indices, which have no gradient.
    pub inputs: Vec<bool>,
    /// What the network makes.
    pub outputs: Outputs,
    /// The values that are kept for the user.
    pub kept: Vec<KeptValue>,
}

/// A value that is kept for the user, by the names of the structures around its stage and its own.
#[derive(Clone)]
pub struct KeptValue {
    pub path: Vec<Ident>,
    pub value: usize,
}

/// What a network makes.
#[derive(Clone)]
pub enum Outputs {
    /// A value.
    One(usize),
    /// Several values with names.
    Named(Vec<usize>),
}

impl Outputs {
    /// The values that the network makes.
    pub fn values(&self) -> &[usize] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Named(values) => values,
        }
    }
}

impl Graph {
    /// The same graph, whose parameters get no gradient.
    pub fn without_gradients(&self) -> Self {
        let without = |operation: &Operation| Operation { has_gradient: false, ..operation.clone() };
        let operations = self.operations.iter().map(without).collect();
        Self { operations, ..self.clone() }
    }

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
    /// The values that it takes: of a layer its input, and then its operands.
    pub inputs: Vec<usize>,
    pub output: usize,
    /// The names of the structures around it, and its own.
    pub path: Vec<Ident>,
    /// Whether it has a field in the network, or in the frozen parameters.
    pub has_field: bool,
    /// Its row in the table of layers.
    pub row: usize,
    /// The comments written above the stage.
    pub docs: Vec<TokenStream>,
    pub is_frozen: bool,
    /// Whether its parameters get a gradient, if they are not frozen.
    pub has_gradient: bool,
}

/// What an operation does.
#[derive(Clone)]
pub enum Kind {
    /// A layer of the library.
    Layer { keyword: &'static str, layer: Box<Layer> },
    /// Another network, or a user's own layer.
    Foreign(Foreign),
    /// Values combined element by element, each broadcast to the shape of the output.
    Combine { combination: Combination, broadcasts: Vec<Option<Broadcast>> },
    /// Values side by side, in this many equal pieces: what stands before the dimension along which they are joined.
    Concat { pieces: usize },
}

/// A type from elsewhere as a stage.
#[derive(Clone)]
pub struct Foreign {
    pub path: TypePath,
    /// The type of a value that it takes.
    pub element: Element,
    pub input: Shape,
    pub output: Shape,
    /// Whether it is a network of the same invocation that has frozen stages.
    pub has_frozen: bool,
    /// Whether it may have parameters: `false` for the body of an `each` that has none.
    pub has_parameters: bool,
    /// Whether it is a network of the same invocation that takes statistics over the mini-batch.
    pub needs_whole_batch: bool,
    /// If it is the body of an `each`: the steps that it is applied to, which are the first size of both shapes.
    pub steps: Option<usize>,
    /// In the graph of one step of a sequence: the values of a frame that it takes and of one that it makes.
    pub frame: Option<[usize; 2]>,
}

impl Foreign {
    /// The body of an `each` on one of its steps.
    pub fn on_one_step(&mut self) {
        self.steps = Some(1);
        for shape in [&mut self.input, &mut self.output] {
            *shape = shape.with_first(1);
        }
    }
}

impl Operation {
    /// What it takes besides its input: the first is the second of its inputs.
    pub fn operands(&self) -> &[Operand] {
        if let Kind::Layer { layer, .. } = &self.kind { &layer.operands } else { &[] }
    }

    /// What it keeps for the user.
    pub fn layer_kept(&self) -> Option<&Kept> {
        if let Kind::Layer { layer, .. } = &self.kind { layer.kept.as_ref() } else { None }
    }

    /// Whether it has parameters that are trained. A user's own layer may have some.
    pub fn is_trained(&self) -> bool {
        let has_parameters = match &self.kind {
            Kind::Layer { layer, .. } => layer.trainable() > 0,
            Kind::Foreign(_) => true,
            Kind::Combine { .. } | Kind::Concat { .. } => false,
        };
        has_parameters && !self.is_frozen && self.has_gradient
    }

    /// In the graph of one step of a sequence: the values of a frame that a type from elsewhere takes and of one that it makes.
    pub const fn frame(&self) -> Option<[usize; 2]> {
        if let Kind::Foreign(foreign) = &self.kind { foreign.frame } else { None }
    }

    /// Whether it is trained with statistics over the mini-batch.
    pub fn needs_whole_batch(&self) -> bool {
        let needs = match &self.kind {
            Kind::Layer { layer, .. } => layer.mini_batch != MiniBatch::Any,
            Kind::Foreign(foreign) => foreign.needs_whole_batch,
            Kind::Combine { .. } | Kind::Concat { .. } => false,
        };
        needs && !self.is_frozen
    }

    /// Whether it may have parameters, trained or not.
    pub const fn has_parameters(&self) -> bool {
        let is_empty = matches!(&self.kind, Kind::Foreign(Foreign { has_parameters: false, .. }));
        self.has_field && !is_empty
    }

    /// If it is the body of an `each`: the steps that it is applied to.
    pub const fn applied_to(&self) -> Option<usize> {
        if let Kind::Foreign(foreign) = &self.kind { foreign.steps } else { None }
    }

    /// Whether the frozen parameters have a field of its name.
    pub const fn has_frozen_field(&self) -> bool {
        self.is_frozen || self.has_frozen_part()
    }

    /// Whether it is a network with frozen stages inside, whose parameters are a field of the frozen ones.
    pub const fn has_frozen_part(&self) -> bool {
        matches!(&self.kind, Kind::Foreign(Foreign { has_frozen: true, .. }))
    }
}

/// The path of a type from elsewhere.
#[derive(Clone)]
pub struct TypePath {
    /// Whether it begins with `::`.
    pub is_global: bool,
    pub segments: Vec<Ident>,
}

impl TypePath {
    /// The path as a message shows it.
    pub fn spelling(&self) -> String {
        self.segments.iter().map(|segment| segment.unraw().to_string()).collect::<Vec<_>>().join("::")
    }

    /// The name of the type.
    pub fn last(&self) -> Ident {
        self.segments.last().cloned().unwrap_or_else(|| Ident::new("Layer", Span::call_site()))
    }
}

impl ToTokens for TypePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (root, segments) = (self.is_global.then(|| quote!(::)), &self.segments);
        tokens.extend(quote!(#root #(#segments)::*));
    }
}

/// A row of the table of layers.
pub struct Row {
    pub name: String,
    /// Where the stage is written.
    pub span: Span,
    pub keyword: String,
    /// What it takes: the first numbers are the network's inputs, and each row makes one more.
    pub inputs: Vec<usize>,
    /// The shape of the first of them, or of a structure's last.
    pub input: Shape,
    pub output: Shape,
    /// The keyword of the stage that takes a value apart, if the row is a part that this makes.
    pub part_of: Option<String>,
    /// All options of a layer, with their values.
    pub options: Vec<(&'static str, OptionValue)>,
    /// The operation that the row is about, if it writes code.
    pub operation: Option<usize>,
}
