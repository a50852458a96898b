//! Walks the stages, inferring shapes and building the graph.
//!
//! After the first mistake in a shape nothing more is inferred; names and options are still checked.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path};

use super::Scope;
use super::names::{self, Names, snake_case};
use crate::ast::{self, Body, Keyword, Stage};
use crate::diagnostic::{Diagnostic, Report};
use crate::layers::{Context, Definition, LAYERS};
use crate::model::{Graph, Kind, Operation, Row, Tensors};
use crate::options::Options;
use crate::shape::Shape;

/// What stands between two stages.
#[derive(Clone)]
struct Value {
    id: usize,
    shape: Shape,
    is_index: bool,
}

/// How many shapes a note shows at most.
const TRACE: usize = 3;

pub struct Builder<'a> {
    scope: &'a Scope,
    report: &'a mut Report,
    /// The output of the last stage; `None` after a mistake in a shape.
    current: Option<Value>,
    tensors: Option<&'a Tensors>,
    graph: Graph,
    rows: Vec<Row>,
    names: Names,
    /// The names of the structures around the stage.
    namespace: Vec<Ident>,
    /// Whether a structure around the stage is frozen.
    is_frozen: bool,
    trace: Vec<String>,
}

/// A stage whose name and attributes are known.
struct Placed<'s> {
    name: Ident,
    is_frozen: bool,
    frozen: Option<Span>,
    docs: Vec<Attribute>,
    stage: &'s Stage,
}

impl<'a> Builder<'a> {
    pub fn new(scope: &'a Scope, report: &'a mut Report, tensors: Option<&'a Tensors>) -> Self {
        let current = tensors.map(|tensors| Value { id: 0, shape: tensors.input.clone(), is_index: tensors.element.is_index() });
        let trace = tensors.iter().map(|tensors| tensors.input.to_string()).collect();
        let values = tensors.iter().map(|tensors| tensors.input.len()).collect();
        let graph = Graph { operations: Vec::new(), values, output: 0 };
        Self { scope, report, current, tensors, graph, rows: Vec::new(), names: Names::default(), namespace: Vec::new(), is_frozen: false, trace }
    }

    /// The graph and the table of layers, if the network has no mistake in its shapes.
    pub fn network(mut self, item: &ast::Network) -> Option<(Graph, Vec<Row>)> {
        if item.stages.is_empty() && self.report.is_empty() {
            self.report.push(Diagnostic::new(item.name.span(), format!("`{}` has no stages", item.name)).help("write at least one, such as `linear(10)`"));
        }
        self.stages(&item.stages);
        let (made, tensors) = (self.current.take()?, self.tensors?);
        if made.shape != tensors.output {
            self.wrong_output(item, &made.shape, &tensors.output);
            return None;
        }
        if made.is_index {
            self.report.push(Diagnostic::new(item.name.span(), "the network makes indices, not numbers").help("start with `embedding`"));
            return None;
        }
        self.graph.output = made.id;
        Some((self.graph, self.rows))
    }

    fn wrong_output(&mut self, item: &ast::Network, made: &Shape, declared: &Shape) {
        let fits = match *declared.sizes() {
            [features] if made.sizes().len() == 1 => format!("end with `linear({features})`, or declare `-> {made}`"),
            [_] => format!("add `flatten` and a `linear`, or declare `-> {made}`"),
            _ => format!("declare `-> {made}`"),
        };
        let error = format!("the network makes {made}, but its declared output is {declared}");
        self.report.push(Diagnostic::new(item.output.shape.span, error).note(self.shapes_so_far()).help(fits));
    }

    fn stages(&mut self, stages: &[Stage]) {
        for stage in stages {
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        let (keyword, span) = match &stage.layer {
            ast::Layer::Keyword(keyword) => (keyword.name.to_string(), keyword.name.span()),
            ast::Layer::Type(path) => {
                let last = path.segments.last().map_or_else(|| Ident::new("layer", Span::call_site()), |segment| segment.ident.clone());
                (snake_case(&last.to_string()), last.span())
            }
        };
        let name = self.names.name(&self.namespace, stage.name.as_ref(), &keyword, span, self.report);
        let (docs, frozen) = self.attributes(stage);
        let placed = Placed { name, is_frozen: self.is_frozen || frozen.is_some(), frozen, docs, stage };
        match &stage.layer {
            ast::Layer::Keyword(keyword) if keyword.name == "residual" => self.residual(keyword, &placed),
            ast::Layer::Keyword(keyword) => match LAYERS.iter().find(|layer| keyword.name == layer.keyword) {
                Some(definition) => self.layer(definition, keyword, &placed),
                None => self.unknown(keyword),
            },
            ast::Layer::Type(path) => self.foreign(path, &placed),
        }
        self.check_annotation(stage, &keyword);
    }

    /// The comments of a stage, and whether it is marked `#[frozen]`.
    fn attributes(&mut self, stage: &Stage) -> (Vec<Attribute>, Option<Span>) {
        let (mut docs, mut frozen) = (Vec::new(), None);
        for attribute in &stage.attributes {
            let path = attribute.path();
            let span = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
            if path.is_ident("doc") {
                docs.push(attribute.clone());
            } else if path.is_ident("frozen") && matches!(attribute.meta, syn::Meta::Path(_)) {
                frozen = Some(span);
            } else if path.is_ident("frozen") {
                self.report.push(Diagnostic::new(span, "`frozen` takes no arguments").help("write `#[frozen]`"));
            } else {
                let error = Diagnostic::new(span, "a stage has no such attribute");
                self.report.push(error.help("the attributes of a stage are `#[frozen]` and doc comments"));
            }
        }
        (docs, frozen)
    }

    fn check_annotation(&mut self, stage: &Stage, keyword: &str) {
        let Some(annotation) = &stage.annotation else { return };
        if matches!(&stage.layer, ast::Layer::Type(_)) {
            return; // the annotation is where the shape of a type comes from
        }
        match (self.scope.consts.shape(annotation), &self.current) {
            (Err(error), _) => self.report.push(error),
            (Ok(Some(written)), Some(made)) if written != made.shape => {
                let error = format!("`{keyword}` makes {}, but is annotated with {written}", made.shape);
                self.report.push(Diagnostic::new(annotation.span, error).note(self.shapes_so_far()));
                self.current = None;
            }
            _ => {}
        }
    }

    fn unknown(&mut self, keyword: &Keyword) {
        self.report.push(names::unknown_layer(&keyword.name));
        self.current = None;
        match &keyword.body {
            Some(Body::Stages(stages)) => self.stages(stages),
            Some(Body::Branches(branches)) => branches.iter().for_each(|branch| self.stages(branch)),
            None => {}
        }
    }

    fn layer(&mut self, definition: &'static Definition, keyword: &Keyword, placed: &Placed) {
        if keyword.body.is_some() {
            self.report.push(Diagnostic::new(keyword.name.span(), format!("`{}` takes no body in braces", keyword.name)));
        }
        let options = Options::check(&keyword.name, definition.options, &keyword.options, &self.scope.consts, self.report);
        let (Some(options), Some(input)) = (options, self.current.take()) else {
            self.current = None;
            return;
        };
        if !self.check_element(definition.keyword, definition.takes_indices, keyword.name.span(), &input) {
            return;
        }
        let context = Context { keyword: &keyword.name, input: &input.shape, options: &options };
        let layer = match (definition.build)(&context) {
            Ok(layer) => layer,
            Err(error) => {
                let trace = self.shapes_so_far();
                self.report.push(error.note(trace));
                return;
            }
        };
        if let Some(span) = placed.frozen.filter(|_| layer.parameters.is_empty()) {
            self.report.push(Diagnostic::new(span, format!("`{}` has no parameters to freeze", keyword.name)).help("remove `#[frozen]`"));
        }
        let output = layer.output.clone().unwrap_or_else(|| input.shape.clone());
        if layer.calls.forward.is_none() {
            self.row(placed, definition.keyword, &input.shape, &output, None);
            self.current = Some(Value { shape: output, ..input });
            return;
        }
        let has_field = !layer.parameters.is_empty();
        self.operation(placed, definition.keyword, Kind::Layer { keyword: definition.keyword, layer: Box::new(layer) }, has_field, &[&input], output);
    }

    fn check_element(&mut self, keyword: &str, takes_indices: bool, span: Span, input: &Value) -> bool {
        if input.is_index == takes_indices {
            return true;
        }
        let element = self.tensors.map_or("u16", |tensors| tensors.element.name());
        self.report.push(if takes_indices {
            Diagnostic::new(span, format!("`{keyword}` takes indices, but its input is numbers"))
                .help(format!("declare the input as indices, such as `u16 {}`, and start with `{keyword}`", input.shape))
        } else {
            Diagnostic::new(span, format!("`{keyword}` takes numbers, but its input is indices of type `{element}`"))
                .help("start with `embedding(num_embeddings, embedding_dim)`, or declare the input as `f32`")
        });
        false
    }

    fn residual(&mut self, keyword: &Keyword, placed: &Placed) {
        Options::check(&keyword.name, &[], &keyword.options, &self.scope.consts, self.report);
        let stages = match &keyword.body {
            Some(Body::Stages(stages)) if !stages.is_empty() => stages,
            _ => {
                let error = Diagnostic::new(keyword.name.span(), "`residual` needs stages to add its input to");
                self.report.push(error.help("write `residual { linear(8), relu }`, with as many features out as in"));
                return;
            }
        };
        let input = self.current.clone().filter(|input| self.check_element("residual", false, keyword.name.span(), input));
        self.current.clone_from(&input);
        self.enter(placed, |builder| builder.stages(stages));
        let (Some(input), Some(body)) = (input, self.current.take()) else { return };
        if input.shape != body.shape {
            let error = format!("`residual` adds its input {} to what its stages make, {}: the shapes differ", input.shape, body.shape);
            let trace = self.shapes_so_far();
            self.report.push(Diagnostic::new(keyword.name.span(), error).note(trace).help(format!("make the last stage give {}", input.shape)));
            return;
        }
        let output = body.shape.clone();
        self.operation(placed, "residual", Kind::Sum, false, &[&body, &input], output);
    }

    /// Builds the stages of a structure: a named one is a namespace for their names.
    fn enter(&mut self, placed: &Placed, build: impl FnOnce(&mut Self)) {
        let is_frozen = std::mem::replace(&mut self.is_frozen, placed.is_frozen);
        let is_named = placed.stage.name.is_some();
        if is_named {
            self.namespace.push(placed.name.clone());
        }
        build(self);
        if is_named {
            self.namespace.pop();
        }
        self.is_frozen = is_frozen;
    }

    fn foreign(&mut self, path: &Path, placed: &Placed) {
        let written = path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
        let span = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let annotation = placed.stage.annotation.as_ref().map(|annotation| self.scope.consts.shape(annotation));
        let annotation = match annotation {
            Some(Err(error)) => {
                self.report.push(error);
                self.current = None;
                return;
            }
            Some(Ok(shape)) => Some(shape),
            None => None,
        };
        let output = self.foreign_output(&written, span, annotation);
        let (Some(output), Some(input)) = (output, self.current.take()) else {
            self.current = None;
            return;
        };
        if !self.check_element(&written, false, span, &input) {
            return;
        }
        let kind = Kind::Foreign { path: path.clone(), input: input.shape.len(), output: output.len() };
        self.operation(placed, &written, kind, true, &[&input], output);
    }

    /// The shape that a type makes: known for an earlier network, written for any other.
    fn foreign_output(&mut self, written: &str, span: Span, annotation: Option<Option<Shape>>) -> Option<Shape> {
        if self.scope.later.iter().any(|later| later == written) {
            let error = Diagnostic::new(span, format!("`{written}` is not declared yet, where it is used as a layer"));
            self.report.push(error.help("a network can use those declared before it in the same `network!`, and not itself"));
            return None;
        }
        let Some(known) = self.scope.networks.get(written) else {
            if annotation.is_none() {
                let error = Diagnostic::new(span, format!("the shape that `{written}` makes is not known"));
                self.report.push(error.help(format!("write it: `{written} -> [32]`")));
            }
            return annotation.flatten();
        };
        let signature = known.as_ref()?;
        let problem = if signature.has_frozen {
            Some(format!("`{written}` has frozen stages, so it cannot be a layer"))
        } else if signature.tensors.element.is_index() {
            Some(format!("`{written}` takes indices, so it cannot be a layer"))
        } else if self.tensors.is_some_and(|tensors| tensors.scalar != signature.tensors.scalar) {
            Some(format!("`{written}` computes in `{}`, which is not the type of this network", signature.tensors.scalar.name()))
        } else {
            None
        };
        let mistake = match (problem, &self.current, annotation.flatten()) {
            (Some(problem), ..) => Diagnostic::new(span, problem),
            (_, Some(current), _) if current.shape != signature.tensors.input => {
                let error = format!("`{written}` takes {}, but its input has shape {}", signature.tensors.input, current.shape);
                Diagnostic::new(span, error).note(self.shapes_so_far())
            }
            (_, _, Some(annotation)) if annotation != signature.tensors.output => {
                Diagnostic::new(span, format!("`{written}` makes {}, but is annotated with {annotation}", signature.tensors.output))
            }
            _ => return Some(signature.tensors.output.clone()),
        };
        self.report.push(mistake);
        None
    }

    /// Adds an operation, whose output is the current value from now on.
    fn operation(&mut self, placed: &Placed, keyword: &str, kind: Kind, has_field: bool, inputs: &[&Value], output: Shape) {
        let operation = self.graph.operations.len();
        let last = inputs.last().map_or_else(|| output.clone(), |input| input.shape.clone());
        self.row(placed, keyword, &last, &output, Some(operation));
        let id = self.graph.values.len();
        self.graph.values.push(output.len());
        let path = self.namespace.iter().cloned().chain([placed.name.clone()]).collect();
        self.graph.operations.push(Operation {
            kind,
            inputs: inputs.iter().map(|input| input.id).collect(),
            output: id,
            path,
            has_field,
            docs: placed.docs.clone(),
            is_frozen: placed.is_frozen && has_field,
        });
        self.current = Some(Value { id, shape: output, is_index: false });
    }

    fn row(&mut self, placed: &Placed, keyword: &str, input: &Shape, output: &Shape, operation: Option<usize>) {
        if input != output {
            self.trace.push(format!("{keyword} {output}"));
        }
        let path: Vec<_> = self.namespace.iter().chain([&placed.name]).map(Ident::to_string).collect();
        self.rows.push(Row { name: path.join("."), keyword: keyword.to_owned(), input: input.clone(), output: output.clone(), operation });
    }

    /// The last few shapes, for a note.
    fn shapes_so_far(&self) -> String {
        let skipped = self.trace.len().saturating_sub(TRACE);
        let dots = if skipped > 0 { "... -> " } else { "" };
        format!("shapes so far: {dots}{}", self.trace[skipped..].join(" -> "))
    }
}
