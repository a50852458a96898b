//! What a keyword stands for, and what a layer is built from.

use proc_macro2::Ident;

use super::builder::Value;
use super::element::Element;
use super::options::{Dimension, Key, OptionSpec, Options};
use super::shape::{MOST_VALUES, Shape};
use super::spec::{Layer, Parameter};
use crate::diagnostic::Diagnostic;

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
    /// The type of the network's input.
    pub element: Element,
    /// The values that options name, in the order of the layer's options.
    pub operands: &'a [(&'static str, Value)],
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
    pub fn error_at<V>(&self, option: &Key<V>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::across(self.options.extent(option).unwrap_or([self.keyword.span(); 2]), message)
    }

    /// The value that an option names, and its place among those that the layer takes, if it is given.
    pub fn operand(&self, option: &Key<Ident>) -> Option<(usize, &Value)> {
        if !self.options.is_given(option) {
            return None;
        }
        let place = self.operands.iter().position(|(name, _)| *name == option.name)?;
        Some((place + 1, &self.operands[place].1))
    }

    /// The index of the dimension that an option names, if the input has it.
    pub fn dimension(&self, option: &Key<Dimension>) -> Result<usize, Diagnostic> {
        let Dimension(written) = self.options.get(option);
        Dimension(written).index(self.input.sizes().len()).ok_or_else(|| {
            let error =
                format!("`{}` works along dimension {written}, but its input has shape {}", self.keyword, self.input);
            let help = "dimensions are counted from 0, without the batch; -1 is the last";
            self.error_at(option, error).help(help)
        })
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
