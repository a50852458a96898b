//! The grammar of `network!`, and nothing else: names, options and shapes are checked in `check`.
//!
//! Parsing goes on after a mistake at the next stage, so that every mistake is reported at once.

mod parse;

use std::fmt;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path, Visibility};

use crate::diagnostic::{Extent, Report};
pub use parse::parse;

/// An item of an invocation.
pub enum Item {
    Const(Const),
    Network(Network),
    Unreadable(Unreadable),
}

/// An item with mistakes in its grammar: what it is called, and what could be read of a network.
pub struct Unreadable {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// Whether a network's input is a sequence, and its stages; `None` for a const.
    pub network: Option<(bool, Vec<Stage>)>,
    pub mistakes: Report,
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

impl Tensor {
    /// Whether it may be a sequence: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
    pub fn is_sequence(&self) -> bool {
        let is_index = self.element.as_ref().is_some_and(|element| element.to_string().starts_with('u'));
        self.shape.sizes.len() == if is_index { 1 } else { 2 }
    }
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
    /// Where the size begins and ends, to point there when it is wrong.
    pub fn extent(&self) -> Extent {
        match self {
            Self::Literal(_, span) => [*span; 2],
            Self::Name(name) => [name.span(); 2],
            Self::Path(path) => {
                let spans = path.segments.iter().map(|segment| segment.ident.span());
                spans
                    .fold(None, |extent: Option<Extent>, span| Some([extent.map_or(span, |[first, _]| first), span]))
                    .unwrap_or_else(|| [Span::call_site(); 2])
            }
            Self::Operation(left, _, right) => [left.extent()[0], right.extent()[1]],
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(value, _) => write!(f, "{value}"),
            Self::Name(name) => write!(f, "{name}"),
            Self::Path(_) => f.write_str(".."),
            Self::Operation(left, operator, right) => write!(f, "{left} {operator} {right}"),
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
    /// The path of a type, and the options or the body that follow, which a type does not take.
    Type(Path, Option<Span>),
}

impl Layer {
    /// The stages inside of the layer, one list a branch.
    pub fn inner(&self) -> &[Vec<Stage>] {
        match self {
            Self::Keyword(Keyword { body: Some(body), .. }) => &body.branches,
            _ => &[],
        }
    }
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
    Float(f64, Extent),
    Bool(bool, Span),
    /// A string, which no option takes: other languages write words in quotes.
    Text(String, Span),
}

impl Value {
    /// Where the value begins and ends, to point there when it is wrong.
    pub fn extent(&self) -> Extent {
        match self {
            Self::Size(size) => size.extent(),
            Self::Shape(shape) => [shape.span; 2],
            Self::Float(_, extent) => *extent,
            Self::Pair(_, _, span) | Self::Bool(_, span) | Self::Text(_, span) => [*span; 2],
        }
    }

    /// The word that is written, if it is one, with or without quotes.
    pub fn word(&self) -> Option<String> {
        match self {
            Self::Size(Size::Name(word)) => Some(word.to_string()),
            Self::Text(word, _) => Some(word.clone()),
            _ => None,
        }
    }
}

/// The body of a structure: one branch of stages, or several in brackets.
pub struct Body {
    pub span: Span,
    pub branches: Vec<Vec<Stage>>,
    pub has_brackets: bool,
}
