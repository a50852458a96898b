//! Walks the stages, inferring shapes and building the graph.
//!
//! After the first mistake in a shape nothing more is inferred; names and options are still checked.

use proc_macro2::{Ident, Span};
use syn::Attribute;
use syn::ext::IdentExt as _;

use super::Scope;
use super::foreign::{last, spelling};
use super::names::{Names, snake_case};
use crate::arguments;
use crate::ast::{self, Keyword, Stage};
use crate::diagnostic::{Diagnostic, Report};
use crate::elsewhere;
use crate::layers;
use crate::model::definition::{Context, Definition};
use crate::model::options::{OptionValue, Options};
use crate::model::shape::Shape;
use crate::model::{Element, Graph, Kind, Operation, Row, Tensors};

/// What stands between two stages.
#[derive(Clone)]
pub struct Value {
    pub id: usize,
    /// The row that makes it, counted from 1, or 0 for the network's input.
    pub row: usize,
    pub shape: Shape,
    pub is_index: bool,
    /// Whether it depends on a parameter that is trained.
    pub is_trained: bool,
}

/// More stages than anybody wants to wait for.
const MOST_STAGES: usize = 4096;

/// How many shapes a note shows at most.
const TRACE: usize = 3;

pub struct Builder<'a> {
    pub(super) scope: &'a Scope,
    pub(super) report: &'a mut Report,
    pub(super) item_name: String,
    /// The output of the last stage; `None` after a mistake in a shape.
    pub(super) current: Option<Value>,
    pub(super) tensors: Option<&'a Tensors>,
    pub(super) graph: Graph,
    rows: Vec<Row>,
    pub(super) names: Names,
    /// The names of the structures around the stage.
    pub(super) namespace: Vec<Ident>,
    /// The turns of the repeats around the stage that are not part of the namespace.
    pub(super) turns: Vec<usize>,
    /// Whether a structure around the stage is frozen.
    pub(super) is_frozen: bool,
    pub(super) trace: Vec<String>,
}

/// A stage whose name and attributes are known.
pub struct Placed<'s> {
    pub name: Ident,
    pub is_frozen: bool,
    pub frozen: Option<Span>,
    docs: Vec<Attribute>,
    pub stage: &'s Stage,
}

impl<'a> Builder<'a> {
    pub fn new(scope: &'a Scope, report: &'a mut Report, tensors: Option<&'a Tensors>) -> Self {
        Self {
            scope,
            report,
            item_name: String::new(),
            current: tensors.map(|tensors| Value {
                id: 0,
                row: 0,
                shape: tensors.input.clone(),
                is_index: tensors.element.is_index(),
                is_trained: false,
            }),
            tensors,
            graph: Graph {
                operations: Vec::new(),
                values: tensors.iter().map(|tensors| tensors.input.len()).collect(),
                output: 0,
            },
            rows: Vec::new(),
            names: Names::default(),
            namespace: Vec::new(),
            turns: Vec::new(),
            is_frozen: false,
            trace: tensors.iter().map(|tensors| tensors.input.to_string()).collect(),
        }
    }

    /// The graph and the table of layers, if the network has no mistake in its shapes.
    pub fn network(mut self, item: &ast::Network) -> Option<(Graph, Vec<Row>)> {
        if item.stages.is_empty() {
            let error = Diagnostic::new(item.name.span(), format!("the network `{}` has no stages", item.name));
            self.report.push(error.help("write at least one: `{ linear(10) }`"));
            return None;
        }
        self.item_name = item.name.to_string();
        self.stages(&item.stages);
        let (made, tensors) = (self.current.take()?, self.tensors?);
        if made.shape != tensors.output {
            self.wrong_output(item, &made.shape, &tensors.output);
            return None;
        }
        self.graph.output = made.id;
        Some((self.graph, self.rows))
    }

    fn wrong_output(&mut self, item: &ast::Network, made: &Shape, declared: &Shape) {
        let error = format!("the network makes {made}, but its declared output is {declared}");
        let error = self.trace(Diagnostic::new(item.output.shape.span, error));
        let meant = self.rows.iter().find_map(|row| self.channels_first(&row.keyword));
        let declare = format!("declare `-> {made}`");
        let help = match *declared.sizes() {
            [features] => format!("{}, or {declare}", self.ending(features, made)),
            _ => declare,
        };
        self.report.push(error.help(meant.map_or(help.clone(), |meant| meant.or_channels_first(&help))));
    }

    /// How a network that makes another shape is to end for an output of so many features.
    fn ending(&self, features: usize, made: &Shape) -> String {
        match *made.sizes() {
            [_] => format!("end with `linear({features})`"),
            [_, last] if features == last => match self.is_sequence() {
                Some(true) => "end with `last`, for the last of the steps, or `mean`, for all of them".into(),
                Some(false) => format!("end with `flatten, linear({features})`"),
                None => "begin with `flatten`, or for a sequence end with `last` or `mean`".into(),
            },
            [_, _] if self.is_sequence() == Some(true) => {
                format!("end with `last, linear({features})`, or `mean, linear({features})`")
            }
            _ if features == made.len() => "end with `flatten`".into(),
            _ => format!("end with `flatten, linear({features})`"),
        }
    }

    /// Whether two dimensions at the end are steps and features, and not channels and length; `None` if no layer tells.
    fn is_sequence(&self) -> Option<bool> {
        let mut is_swapped = false;
        for row in self.rows.iter().rev() {
            match row.keyword.as_str() {
                "transpose" => is_swapped = !is_swapped,
                "rnn"
                | "gru"
                | "lstm"
                | "multihead_attention"
                | "embedding"
                | "positional_embedding"
                | "positional_encoding" => return Some(!is_swapped),
                "reshape" => return None,
                keyword if keyword.ends_with("1d") => return Some(is_swapped),
                _ => {}
            }
        }
        None
    }

    /// The declared input with its channels first, if a layer that takes images or signals says that they are probably
    /// written last.
    fn channels_first(&self, keyword: &str) -> Option<Shape> {
        let meant = self.tensors?.input.channels_first()?;
        let is_window = match meant.sizes().len() {
            2 => keyword.ends_with("1d"),
            _ => keyword.ends_with("2d"),
        };
        is_window.then_some(meant)
    }

    pub(super) fn stages(&mut self, stages: &[Stage]) {
        for stage in stages {
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        let (keyword, span) = match &stage.layer {
            ast::Layer::Keyword(keyword) => (keyword.name.unraw().to_string(), keyword.name.span()),
            ast::Layer::Type(path, _) => (snake_case(&last(path).unraw().to_string()), last(path).span()),
        };
        if self.rows.len() == MOST_STAGES && self.current.take().is_some() {
            let error = Diagnostic::new(span, format!("a network has more than {MOST_STAGES} stages"));
            self.report.push(error.help("declare a part of it as a network of its own, and use that as a layer"));
        }
        let written = stage.name.as_ref().map(|name| self.numbered(name));
        let name = self.names.name(&self.namespace, written.as_ref(), &keyword, span, self.report);
        let (docs, frozen) = self.attributes(stage);
        let placed = Placed { name, is_frozen: self.is_frozen || frozen.is_some(), frozen, docs, stage };
        match &stage.layer {
            ast::Layer::Keyword(keyword) => match layers::all().find(|layer| keyword.name == layer.keyword) {
                Some(definition) => self.layer(definition, keyword, &placed),
                None if !self.structure(keyword, &placed) => self.unknown(keyword),
                None => {}
            },
            ast::Layer::Type(path, more) => self.foreign(path, *more, &placed),
        }
        self.check_annotation(stage);
    }

    /// The comments of a stage, and whether it is marked `#[frozen]`.
    fn attributes(&mut self, stage: &Stage) -> (Vec<Attribute>, Option<Span>) {
        let (mut docs, mut frozen) = (Vec::new(), None);
        for attribute in &stage.attributes {
            let path = attribute.path();
            let span = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
            if path.is_ident("doc") {
                docs.push(attribute.clone());
            } else if path.is_ident("weights") {
                let error = Diagnostic::new(span, "`#[weights]` marks a network, not a stage");
                self.report.push(error.help("write it before `struct`: one file has the parameters of all stages"));
            } else if !path.is_ident("frozen") {
                let error = Diagnostic::new(span, format!("a stage has no attribute `{}`", spelling(path)));
                self.report.push(error.help("the attributes of a stage are `#[frozen]` and doc comments"));
            } else if !matches!(attribute.meta, syn::Meta::Path(_)) {
                self.report.push(Diagnostic::new(span, "`frozen` takes no arguments").help("write `#[frozen]`"));
            } else if frozen.replace(span).is_some() {
                self.report
                    .push(Diagnostic::new(span, "the stage is marked `#[frozen]` twice").help("remove one of them"));
            }
        }
        (docs, frozen)
    }

    /// Compares what a stage makes with what is written; where a type from elsewhere made its shape of that, they agree.
    fn check_annotation(&mut self, stage: &Stage) {
        let Some(annotation) = &stage.annotation else { return };
        let (name, help) = match &stage.layer {
            ast::Layer::Keyword(keyword) => {
                (keyword.name.to_string(), "correct the annotation, or the options of the layer")
            }
            ast::Layer::Type(..) if self.current.is_none() => return, // its annotation was looked at already
            ast::Layer::Type(path, _) => (spelling(path), "correct the annotation, or remove it"),
        };
        match (self.scope.consts.shape(annotation), &self.current) {
            (Err(error), _) => self.report.push(error),
            (Ok(Some(written)), Some(made)) if written != made.shape => {
                let error = format!("`{name}` makes {}, but is annotated with {written}", made.shape);
                let error = self.trace(Diagnostic::new(annotation.span, error)).help(help);
                self.report.push(error);
                self.current = None;
            }
            _ => {}
        }
    }

    fn unknown(&mut self, keyword: &Keyword) {
        self.report.push(elsewhere::layers::unknown(&keyword.name.to_string(), [keyword.name.span(); 2]));
        self.current = None;
        for branch in keyword.body.iter().flat_map(|body| &body.branches) {
            self.stages(branch);
        }
    }

    fn layer(&mut self, definition: &'static Definition, keyword: &Keyword, placed: &Placed) {
        if let Some(body) = &keyword.body {
            let error = Diagnostic::new(body.span, format!("`{}` takes no body in braces", keyword.name));
            self.report.push(error.help("remove the braces, or write `residual { .. }` around the stages"));
        }
        let options =
            arguments::options(&keyword.name, definition.options, &keyword.options, &self.scope.consts, self.report);
        let options = options.filter(|options| self.check_numbers(keyword, options));
        let (Some(options), Some(input), Some(tensors)) = (options, self.current.take(), self.tensors) else {
            return self.current = None;
        };
        if !self.check_element(definition.keyword, definition.takes_indices, keyword.name.span(), &input) {
            return;
        }
        let context = Context {
            keyword: &keyword.name,
            input: &input.shape,
            is_declared: self.trace.len() == 1,
            channels_first: self.channels_first(definition.keyword),
            options: &options,
            element: tensors.element,
        };
        let layer = match (definition.build)(&context).and_then(|layer| context.check_size(layer)) {
            Ok(layer) => layer,
            Err(error) => {
                let error = self.trace(error);
                return self.report.push(error);
            }
        };
        if layer.parameters.is_empty() {
            self.nothing_to_freeze(keyword, placed);
        }
        let output = layer.output.clone();
        if layer.calls.forward.is_none() {
            self.row(placed, definition.keyword, &[&input], &output, None);
            self.set_options(options.all());
            self.current = Some(Value { shape: output, row: self.rows.len(), ..input });
            return;
        }
        let has_field = !layer.parameters.is_empty();
        self.operation(
            placed,
            definition.keyword,
            Kind::Layer { keyword: definition.keyword, layer: Box::new(layer) },
            has_field,
            &[&input],
            output,
        );
        self.set_options(options.all());
    }

    /// Sets the options of the last row.
    pub(super) fn set_options(&mut self, options: Vec<(&'static str, OptionValue)>) {
        if let Some(row) = self.rows.last_mut() {
            row.options = options;
        }
    }

    /// Whether all numbers are finite, and none is rounded to 0, in the type that the network computes in.
    fn check_numbers(&mut self, keyword: &Keyword, options: &Options) -> bool {
        let is_f32 = self.tensors.is_some_and(|tensors| tensors.scalar == Element::F32);
        let Some((name, number, extent)) = options.not_in_f32().filter(|_| is_f32) else { return true };
        let [is, other] = if number.abs() > 1.0 { ["large", "smaller"] } else { ["small", "larger"] };
        let error = format!("`{name}` of `{}` is {number:e}, which is too {is} for an `f32`", keyword.name);
        let help = format!("write a {other} number, or declare the network in `f64`");
        self.report.push(Diagnostic::across(extent.unwrap_or([keyword.name.span(); 2]), error).help(help));
        false
    }

    pub(super) fn nothing_to_freeze(&mut self, keyword: &Keyword, placed: &Placed) {
        if let Some(span) = placed.frozen {
            let error = Diagnostic::new(span, format!("`{}` has no parameters to freeze", keyword.name));
            self.report.push(error.help("remove `#[frozen]`"));
        }
    }

    pub(super) fn check_element(&mut self, keyword: &str, takes_indices: bool, span: Span, input: &Value) -> bool {
        if input.is_index == takes_indices {
            return true;
        }
        let element = self.tensors.map_or("u16", |tensors| tensors.element.name());
        self.report.push(if takes_indices {
            let error = Diagnostic::new(span, format!("`{keyword}` takes indices, but its input is numbers"));
            match *input.shape.sizes() {
                [steps] if input.id == 0 => {
                    error.help(format!("declare the input as indices, such as `u16 [{steps}]`"))
                }
                _ => error.help(format!(
                    "begin the network with `{keyword}`, and declare its input as indices, such as `u16 [32]`"
                )),
            }
        } else {
            Diagnostic::new(span, format!("`{keyword}` takes numbers, but its input is indices of type `{element}`"))
                .help(format!(
                    "begin with `embedding(num_embeddings, embedding_dim)`, or declare the input as `f32 {}`",
                    input.shape
                ))
        });
        false
    }

    /// Adds an operation, whose output is the current value from now on.
    pub(super) fn operation(
        &mut self,
        placed: &Placed,
        keyword: &str,
        kind: Kind,
        has_field: bool,
        inputs: &[&Value],
        output: Shape,
    ) {
        let row = self.rows.len();
        self.row(placed, keyword, inputs, &output, Some(self.graph.operations.len()));
        let id = self.graph.values.len();
        self.graph.values.push(output.len());
        let operation = Operation {
            kind,
            inputs: inputs.iter().map(|input| input.id).collect(),
            output: id,
            path: self.namespace.iter().cloned().chain([placed.name.clone()]).collect(),
            has_field,
            row,
            docs: placed.docs.clone(),
            is_frozen: placed.is_frozen && has_field,
        };
        let is_trained = operation.is_trained() || inputs.iter().any(|input| input.is_trained);
        self.graph.operations.push(operation);
        self.current = Some(Value { id, row: self.rows.len(), shape: output, is_index: false, is_trained });
    }

    fn row(&mut self, placed: &Placed, keyword: &str, inputs: &[&Value], output: &Shape, operation: Option<usize>) {
        let input = inputs.last().map_or(output, |input| &input.shape);
        if input != output {
            self.trace.push(format!("{keyword} {output}"));
        }
        let path: Vec<_> = self.namespace.iter().chain([&placed.name]).map(Ident::to_string).collect();
        self.rows.push(Row {
            name: path.join("."),
            keyword: keyword.to_owned(),
            inputs: inputs.iter().map(|input| input.row).collect(),
            input: input.clone(),
            output: output.clone(),
            options: Vec::new(),
            operation,
        });
    }

    /// The error with a note of the last few shapes, if there is more to tell than the input's.
    pub(super) fn trace(&self, error: Diagnostic) -> Diagnostic {
        let skipped = self.trace.len().saturating_sub(TRACE);
        let dots = if skipped > 0 { "... -> " } else { "" };
        let last: Vec<_> = self.trace.iter().skip(skipped).map(String::as_str).collect();
        if last.len() > 1 { error.note(format!("shapes so far: {dots}{}", last.join(" -> "))) } else { error }
    }
}
