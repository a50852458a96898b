//! The grammar of `network!`, and nothing else: names, options and shapes are looked at in `resolve`.
//!
//! Parsing goes on after a mistake at the next stage, so that every mistake is reported at once.

mod parse;

use std::collections::HashSet;
use std::fmt;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::{Attribute, LitFloat, LitInt, Path, Visibility};

use crate::diagnostic::{Extent, Report};
use crate::model::Element;
pub use parse::parse;

/// What a size may be, as a help.
pub const SIZES: &str = "a size is a number, a `const` of this `network!`, or + - * / and parentheses over them";

/// An item of an invocation.
pub enum Item {
    Const(Const),
    Network(Network),
    Unreadable(Unreadable),
}

impl Item {
    /// The name of a const, or of a network.
    pub fn name(&self, is_const: bool) -> Option<String> {
        let (name, is) = match self {
            Self::Const(item) => (&item.name, true),
            Self::Network(item) => (&item.name, false),
            Self::Unreadable(item) => (&item.name, item.network.is_none()),
        };
        (is == is_const).then(|| name.to_string())
    }
}

/// An item with mistakes in its grammar: what it is called, and what could be read of a network.
pub struct Unreadable {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    /// A network's input and output, as far as they could be read, and its stages; `None` for a const.
    pub network: Option<(Option<[Ports; 2]>, Vec<Stage>)>,
    pub mistakes: Report,
}

/// `const NAME: usize = value;`
pub struct Const {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub value: Expression,
}

/// `pub struct Name: input -> output { stages }`
pub struct Network {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub input: Ports,
    pub output: Ports,
    pub stages: Vec<Stage>,
}

/// What a network takes or makes: one tensor without a name, or, in braces, several with names.
pub struct Ports {
    pub list: Vec<Port>,
}

impl Ports {
    /// Whether one of them may be a sequence. With an `each`, every input of two or more dimensions may be one: where it is not, the
    /// name of the state stands for an error that says so.
    pub fn has_sequence(&self, has_each: bool) -> bool {
        self.list.iter().any(|port| port.tensor.is_sequence() || has_each && port.tensor.shape.sizes.len() > 1)
    }

    /// Whether they have names.
    pub fn is_named(&self) -> bool {
        self.list.iter().any(|port| port.name.is_some())
    }
}

/// An input or output.
pub struct Port {
    pub name: Option<Ident>,
    pub tensor: Tensor,
}

/// `f64 [1, 28, 28]`: an element type, if it is written, and a shape.
pub struct Tensor {
    pub element: Option<Ident>,
    pub shape: Shape,
}

impl Tensor {
    /// Whether it may be a sequence: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
    pub fn is_sequence(&self) -> bool {
        let is_index = self.element.as_ref().and_then(Element::named).is_some_and(Element::is_index);
        self.shape.sizes.len() == if is_index { 1 } else { 2 }
    }
}

/// `[1, 28, 28]`
pub struct Shape {
    pub span: Span,
    pub sizes: Vec<Expression>,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<_> = self.sizes.iter().map(Expression::to_string).collect();
        write!(f, "[{}]", sizes.join(", "))
    }
}

/// An arithmetic expression. What it is for decides in which type it is computed: [`Number`](crate::number::Number).
#[derive(Clone)]
pub enum Expression {
    /// A literal without a point or an exponent.
    Integer(LitInt),
    Float(LitFloat),
    Name(Ident),
    /// A path to something outside of the invocation, which has no value yet.
    Path(Path),
    Negative(Span, Box<Expression>),
    Operation(Box<Expression>, char, Box<Expression>),
}

impl Expression {
    /// Where the expression begins and ends, to point there when it is wrong.
    pub fn extent(&self) -> Extent {
        match self {
            Self::Integer(literal) => [literal.span(); 2],
            Self::Float(literal) => [literal.span(); 2],
            Self::Name(name) => [name.span(); 2],
            Self::Path(path) => {
                let spans = path.segments.iter().map(|segment| segment.ident.span());
                spans
                    .fold(None, |extent: Option<Extent>, span| Some([extent.map_or(span, |[first, _]| first), span]))
                    .unwrap_or_else(|| [Span::call_site(); 2])
            }
            Self::Negative(sign, operand) => [*sign, operand.extent()[1]],
            Self::Operation(left, _, right) => [left.extent()[0], right.extent()[1]],
        }
    }

    /// How strongly its operator binds.
    const fn binding(&self) -> u8 {
        match self {
            Self::Operation(_, '+' | '-', _) => 0,
            Self::Operation(..) => 1,
            _ => 2,
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |operand: &Self, is_enough: bool| {
            if is_enough { operand.to_string() } else { format!("({operand})") }
        };
        match self {
            Self::Integer(literal) => literal.fmt(f),
            Self::Float(literal) => literal.fmt(f),
            Self::Name(name) => name.fmt(f),
            Self::Path(path) => {
                let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
                names.join("::").fmt(f)
            }
            Self::Negative(_, operand) => write!(f, "-{}", within(operand, operand.binding() == 2)),
            Self::Operation(left, operator, right) => {
                let binding = self.binding();
                let [left, right] = [within(left, left.binding() >= binding), within(right, right.binding() > binding)];
                write!(f, "{left} {operator} {right}")
            }
        }
    }
}

/// `name: layer -> shape`, or `(name, name): layer`
pub struct Stage {
    pub attributes: Vec<Attribute>,
    pub name: Option<Ident>,
    /// The names in parentheses before `chunk` or `split`.
    pub parts: Vec<Ident>,
    pub layer: Layer,
    pub annotation: Option<Shape>,
}

impl Stage {
    /// All names that are written before the stage.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        self.name.iter().chain(&self.parts)
    }
}

/// What a stage does.
pub enum Layer {
    Keyword(Keyword),
    /// The path of a type, and the options or the body that follow, which a type does not take.
    Type(Path, Option<Span>),
}

/// The types that are stages of networks, as they are written.
pub fn types(items: &[Item]) -> HashSet<String> {
    fn add(stages: &[Stage], found: &mut HashSet<String>) {
        for stage in stages {
            if let Layer::Type(path, _) = &stage.layer {
                found.extend(path.segments.last().map(|segment| segment.ident.to_string()));
            }
            stage.layer.inner().iter().for_each(|stages| add(stages, found));
        }
    }
    let mut found = HashSet::new();
    for item in items {
        if let Item::Network(network) = item {
            add(&network.stages, &mut found);
        }
    }
    found
}

impl Layer {
    /// The keyword, or the name of a value.
    pub const fn keyword(&self) -> Option<&Keyword> {
        if let Self::Keyword(keyword) = self { Some(keyword) } else { None }
    }

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
    /// What stands behind a word that is no keyword, in parentheses or brackets.
    pub more: Option<Span>,
    pub options: Vec<Argument>,
    pub body: Option<Body>,
}

/// `value` or `name = value`
pub struct Argument {
    pub name: Option<Ident>,
    pub value: Value,
}

/// The value of an option. A word, such as `tanh`, parses as a name.
pub enum Value {
    Expression(Expression),
    Pair(Expression, Expression, Span),
    Shape(Shape),
    /// `[[1, 2], [0, 1]]`
    Lists(Vec<Shape>, Span),
    Bool(bool, Span),
    /// A string, which no option takes: other languages write words in quotes.
    Text(String, Span),
}

impl Value {
    /// Where the value begins and ends, to point there when it is wrong.
    pub fn extent(&self) -> Extent {
        match self {
            Self::Expression(expression) => expression.extent(),
            Self::Shape(shape) => [shape.span; 2],
            Self::Pair(_, _, span) | Self::Lists(_, span) | Self::Bool(_, span) | Self::Text(_, span) => [*span; 2],
        }
    }

    /// The word that is written, if it is one, with or without quotes.
    pub fn word(&self) -> Option<String> {
        match self {
            Self::Expression(Expression::Name(word)) => Some(word.to_string()),
            Self::Text(word, _) => Some(word.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(expression) => expression.fmt(f),
            Self::Pair(first, second, _) => write!(f, "({first}, {second})"),
            Self::Shape(shape) => shape.fmt(f),
            Self::Lists(lists, _) => {
                let lists: Vec<_> = lists.iter().map(Shape::to_string).collect();
                write!(f, "[{}]", lists.join(", "))
            }
            Self::Bool(value, _) => value.fmt(f),
            Self::Text(text, _) => write!(f, "\"{text}\""),
        }
    }
}

/// The body of a structure: one branch of stages, or several in brackets.
pub struct Body {
    pub span: Span,
    pub branches: Vec<Vec<Stage>>,
    pub has_brackets: bool,
}
