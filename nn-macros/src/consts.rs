//! The consts of an invocation, and the values of the expressions and the shapes that use them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::ast::{self, Expression};
use crate::diagnostic::{Diagnostic, Extent, nearest};
use crate::elsewhere;
use crate::model::shape::Shape;
use crate::number::{Number, integer, negative, operate};

/// The values of the consts declared so far.
#[derive(Default)]
pub struct Consts {
    values: HashMap<String, Option<usize>>,
    /// The names of those that come later.
    later: Vec<String>,
    /// The names that were reported as unknown: once is enough.
    unknown: RefCell<HashSet<String>>,
}

impl Consts {
    /// No consts yet; those of the names come later.
    pub fn before(later: Vec<String>) -> Self {
        Self { later, ..Self::default() }
    }

    /// Remembers a const, `None` if its value was mistaken, which is not to be reported again. Whether it is new.
    pub fn insert(&mut self, name: &proc_macro2::Ident, value: Option<usize>) -> bool {
        self.values.insert(name.to_string(), value).is_none()
    }

    pub fn has(&self, name: &proc_macro2::Ident) -> bool {
        self.values.contains_key(&name.to_string())
    }

    /// The value of an expression, or `None` if it uses a mistaken const, or an unknown one that was reported before.
    pub fn value<N: Number>(&self, expression: &Expression) -> Result<Option<N>, Diagnostic> {
        let extent = || expression.extent();
        match expression {
            Expression::Integer(literal) => integer(literal).map(Some),
            Expression::Float(literal) => N::fractional(literal).map(Some),
            Expression::Name(name) => match self.values.get(&name.to_string()) {
                Some(Some(value)) => N::of_const(*value).map(Some).ok_or_else(|| {
                    Diagnostic::across(extent(), format!("`{name}` is {value}, too large for {}", N::WHAT))
                }),
                Some(None) => Ok(None),
                None => self.unknown::<N>(&name.to_string(), extent()).map(|()| None),
            },
            Expression::Path(_) => self.unknown::<N>(&expression.to_string(), extent()).map(|()| None),
            Expression::Negative(sign, operand) => match self.value::<N>(operand)? {
                Some(value) => negative(value, *sign).map(Some),
                None => Ok(None),
            },
            Expression::Operation(left, operator, right) => {
                let (Some(a), Some(b)) = (self.value::<N>(left)?, self.value::<N>(right)?) else { return Ok(None) };
                operate(a, *operator, b).map(Some).map_err(|message| Diagnostic::across(extent(), message))
            }
        }
    }

    /// The values of a written shape, or `None` if it uses a mistaken const.
    pub fn shape(&self, shape: &ast::Shape) -> Result<Option<Shape>, Diagnostic> {
        if self.begins_with_batch(shape)? {
            return Ok(None);
        }
        let mut sizes = Vec::new();
        for size in &shape.sizes {
            match self.value(size)? {
                Some(0) => {
                    return Err(Diagnostic::across(size.extent(), "a size of a shape is at least 1, but this is 0"));
                }
                Some(value) => sizes.push(value),
                None => return Ok(None),
            }
        }
        if sizes.is_empty() {
            return Err(Diagnostic::new(shape.span, "a shape needs at least one size")
                .help("a single value has the shape `[1]`"));
        }
        Shape::new(sizes).map(Some).map_err(|message| Diagnostic::new(shape.span, message))
    }

    /// Whether the first size of a shape is named like the batch and is no const: a mistake, reported once for a name.
    fn begins_with_batch(&self, shape: &ast::Shape) -> Result<bool, Diagnostic> {
        let (name, rest) = match shape.sizes.split_first() {
            Some((Expression::Name(name), rest)) => (name, rest),
            Some((first @ Expression::Negative(..), rest)) if !rest.is_empty() => {
                let rest: Vec<_> = rest.iter().map(Expression::to_string).collect();
                let error = Diagnostic::across(first.extent(), format!("`{first}` is not a size"));
                let help = "shapes are written without the batch, and with every size";
                return Err(error.help(format!("{help}: `[{}]`", rest.join(", "))));
            }
            _ => return Ok(false),
        };
        let written = name.to_string();
        let is_const = self.has(name) || self.later.contains(&written);
        if is_const || rest.is_empty() || !elsewhere::values::is_batch(&written) {
            return Ok(false);
        }
        if !self.unknown.borrow_mut().insert(written.clone()) {
            return Ok(true);
        }
        let rest: Vec<_> = rest.iter().map(Expression::to_string).collect();
        let leave_out = format!("shapes are written without the batch: `[{}]`", rest.join(", "));
        let error = Diagnostic::new(name.span(), format!("cannot find the size `{written}`"));
        Err(error.help(if elsewhere::values::may_be_const(&written) {
            format!("{leave_out}; if it is something else, declare it inside: `const {written}: usize = 10;`")
        } else {
            leave_out
        }))
    }

    /// An error the first time that the name is used.
    fn unknown<N: Number>(&self, name: &str, extent: Extent) -> Result<(), Diagnostic> {
        if self.unknown.borrow_mut().insert(name.to_owned()) { Err(self.explain::<N>(name, extent)) } else { Ok(()) }
    }

    fn explain<N: Number>(&self, name: &str, extent: Extent) -> Diagnostic {
        if self.later.iter().any(|later| later == name) {
            let error = Diagnostic::across(extent, format!("`{name}` is used before it is declared"));
            return error.help(format!("move `const {name}` before this"));
        }
        if elsewhere::values::is_word(name) {
            let error = Diagnostic::across(extent, format!("`{name}` is not a size"));
            return error.help("write every size as a number: it must be known while the program compiles");
        }
        let last = name.rsplit("::").next().unwrap_or(name);
        let error = Diagnostic::across(extent, format!("cannot find `{name}` in this `network!`"));
        if let Some(known) = nearest(last, self.values.keys().map(String::as_str)) {
            return error.help(format!("a const with a similar name exists: `{known}`"));
        }
        let note = "are computed while `network!` expands, when a `const` from outside has no value yet";
        error.note(format!("{} {note}", N::COMPUTED)).help(N::instead_of(last))
    }
}
