//! The grammar of `network!`, and nothing else: names, options and shapes are checked in `check`.
//!
//! Parsing goes on after a mistake at the next stage, so that every mistake is reported at once.

mod parse;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path, Visibility};

pub use parse::parse;

/// An item of an invocation.
pub enum Item {
    Const(Const),
    Network(Network),
}

/// `const NAME: usize = value;`
pub struct Const {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub value: Size,
}

/// `pub struct Name: input -> output { stages }`
pub struct Network {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub input: Tensor,
    pub output: Tensor,
    pub stages: Vec<Stage>,
}

/// `f64 [1, 28, 28]`: an element type, if it is written, and a shape.
pub struct Tensor {
    pub element: Option<Ident>,
    pub shape: Shape,
}

/// `[1, 28, 28]`
pub struct Shape {
    pub span: Span,
    pub sizes: Vec<Size>,
}

/// A size, or an option's value as far as the grammar knows it.
#[derive(Clone)]
pub enum Size {
    Literal(usize, Span),
    Name(Ident),
    /// A path to something outside of the invocation, which has no value yet.
    Path(Path),
    Operation(Box<Size>, char, Box<Size>),
}

impl Size {
    /// Where to point when the size is wrong.
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(_, span) => *span,
            Self::Name(name) => name.span(),
            Self::Path(path) => syn::spanned::Spanned::span(path),
            Self::Operation(left, _, right) => left.span().join(right.span()).unwrap_or_else(|| left.span()),
        }
    }
}

/// `name: layer -> shape`
pub struct Stage {
    pub attributes: Vec<Attribute>,
    pub name: Option<Ident>,
    pub layer: Layer,
    pub annotation: Option<Shape>,
}

/// What a stage does.
pub enum Layer {
    Keyword(Keyword),
    Type(Path),
}

/// `keyword(options) { body }`
pub struct Keyword {
    pub name: Ident,
    pub options: Vec<Argument>,
    pub body: Option<Body>,
}

/// `value` or `name = value`
pub struct Argument {
    pub name: Option<Ident>,
    pub value: Value,
}

/// The value of an option. A word, such as `tanh`, parses as the name of a size.
pub enum Value {
    Size(Size),
    Pair(Size, Size, Span),
    Shape(Shape),
    Float(f64, Span),
    Bool(bool, Span),
}

impl Value {
    /// Where to point when the value is wrong.
    pub fn span(&self) -> Span {
        match self {
            Self::Size(size) => size.span(),
            Self::Shape(shape) => shape.span,
            Self::Pair(_, _, span) | Self::Float(_, span) | Self::Bool(_, span) => *span,
        }
    }
}

/// The body of a structure.
pub enum Body {
    Stages(Vec<Stage>),
    Branches(Vec<Vec<Stage>>),
}
