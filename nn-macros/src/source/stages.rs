//! The stages of a spec, as operations of a graph.
//!
//! After the first mistake in a shape nothing more is inferred; names and options are still checked.

mod each;
mod foreign;
mod names;
mod parts;
mod structures;
mod values;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;

use crate::arguments;
use crate::ast::{self, Keyword, Stage};
use crate::diagnostic::{Diagnostic, Report};
use crate::elsewhere;
use crate::layers;
use crate::model::builder::{Builder, Built, Place, Value};
use crate::model::definition::Definition;
use crate::model::naming::snake_case;
use crate::model::{Again, Each, FrozenMark, Made, ShapeHistory, Tensors, TypePath};
use crate::scope::Scope;

pub use each::Body;
use names::Names;
use values::Values;

/// More stages than anybody wants to wait for.
const MOST_STAGES: usize = 4096;

/// What the stages of a network are.
pub struct Walked {
    pub built: Built,
    /// What makes each output.
    pub made: Vec<Made>,
    /// Each `#[frozen]`, in the order in which their stages end.
    pub frozen: Vec<FrozenMark>,
    /// The later turns of each `repeat`.
    pub again: Vec<Again>,
    /// The bodies of the `each` stages.
    pub bodies: Vec<Body>,
}

/// The graph of a network's stages, with its marks; `None` after a mistake in a shape.
pub fn graph(item: &ast::Network, tensors: Option<&Tensors>, scope: &Scope, report: &mut Report) -> Option<Walked> {
    if item.stages.is_empty() {
        let error = Diagnostic::new(item.name.span(), format!("the network `{}` has no stages", item.name));
        report.push(error.help("write at least one: `{ linear(10) }`"));
        return None;
    }
    let builder = tensors.map(Builder::new);
    let inputs = item.input.list.iter().filter_map(|input| input.name.clone()).collect();
    let mut walk = Walk::new(&item.stages, item.name.clone(), inputs, builder, scope, report);
    walk.begin();
    walk.stages(&item.stages);
    let outputs = walk.outputs(&item.output)?;
    walk.finish(outputs)
}

/// What the next stage takes.
#[derive(Clone)]
enum Current {
    /// The output of the last stage.
    Value(Value),
    /// Several values, which a stage of this keyword has made under these names: none of them goes on.
    Parts(Ident, Vec<Ident>),
    /// Nothing yet: there are several inputs, and none has been taken.
    Nothing,
    /// Not known, after a mistake in a shape.
    Mistaken,
}

impl Current {
    /// The value, which is then no longer known.
    fn take(&mut self) -> Option<Value> {
        match std::mem::replace(self, Self::Mistaken) {
            Self::Value(value) => Some(value),
            Self::Parts(..) | Self::Nothing | Self::Mistaken => None,
        }
    }

    const fn value(&self) -> Option<&Value> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
}

impl From<Option<Value>> for Current {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::Mistaken, Self::Value)
    }
}

/// A walk over the stages of a network.
struct Walk<'a> {
    /// All stages of the network.
    all: &'a [Stage],
    scope: &'a Scope,
    report: &'a mut Report,
    /// The name of the network as it is declared.
    declared: String,
    /// The name of the network that the stages are of: that, or of the body of an `each`.
    network: Ident,
    /// What is around the network, if it is the body of an `each`.
    outside: Option<Outside>,
    /// The names of the inputs, if they have some.
    inputs: Vec<Ident>,
    /// `None` if the declared input or output is mistaken.
    builder: Option<Builder>,
    current: Current,
    names: Names,
    values: Values,
    /// The names that are written before the stages around the stage, and before itself.
    around: Vec<Ident>,
    /// The names of the structures around the stage.
    namespace: Vec<Ident>,
    /// The turns of the repeats around the stage that are not part of the namespace.
    turns: Vec<usize>,
    /// Whether a structure around the stage is frozen.
    is_frozen: bool,
    frozen: Vec<FrozenMark>,
    /// The later turns of each repeat.
    again: Vec<Again>,
    /// The bodies of the `each` stages so far.
    bodies: Vec<Body>,
}

/// What is around the body of an `each`.
struct Outside {
    /// The names of all stages and inputs there.
    names: Vec<String>,
    each: Each,
}

/// What stands before a stage.
#[derive(Default)]
struct Marks {
    docs: Vec<TokenStream>,
    /// Where it is marked `#[frozen]`.
    frozen: Option<Span>,
    /// Where it is marked `#[keep]`.
    kept: Option<Span>,
}

/// A stage whose name and attributes are known.
struct Placed<'s> {
    name: Ident,
    place: Place,
    stage: &'s Stage,
}

impl<'a> Walk<'a> {
    fn new(
        all: &'a [Stage],
        network: Ident,
        inputs: Vec<Ident>,
        builder: Option<Builder>,
        scope: &'a Scope,
        report: &'a mut Report,
    ) -> Self {
        Self {
            all,
            scope,
            report,
            declared: network.to_string(),
            network,
            outside: None,
            inputs,
            builder,
            current: Current::Mistaken,
            names: Names::default(),
            values: Values::default(),
            around: Vec::new(),
            namespace: Vec::new(),
            turns: Vec::new(),
            is_frozen: false,
            frozen: Vec::new(),
            again: Vec::new(),
            bodies: Vec::new(),
        }
    }

    /// The graph that makes these outputs, with the shapes up to each; `None` after a mistake.
    fn finish(self, outputs: Vec<(Value, ShapeHistory)>) -> Option<Walked> {
        let values: Vec<_> = outputs.iter().map(|(output, _)| output.clone()).collect();
        let made = outputs.into_iter().map(|(output, shapes)| Made { shape: output.shape, shapes }).collect();
        let built = self.builder?.finish(&values);
        Some(Walked { built, made, frozen: self.frozen, again: self.again, bodies: self.bodies })
    }
}

impl Walk<'_> {
    fn stages(&mut self, stages: &[Stage]) {
        for stage in stages {
            self.stage(stage);
        }
    }

    fn stage(&mut self, stage: &Stage) {
        let before = self.report.len();
        let (called, keyword) = match &stage.layer {
            ast::Layer::Keyword(keyword) => (keyword.name.unraw().to_string(), keyword.name.clone()),
            ast::Layer::Type(path, _) => {
                let name = TypePath::from(path).last();
                (snake_case(&name.unraw().to_string()), name)
            }
        };
        if self.builder.as_ref().is_some_and(|graph| graph.rows() == MOST_STAGES) && self.current.take().is_some() {
            let error = Diagnostic::new(keyword.span(), format!("a network has more than {MOST_STAGES} stages"));
            self.report.push(error.help("declare a part of it as a network of its own, and use that as a layer"));
        }
        if let Some(keyword) = stage.layer.keyword() {
            self.check_keyword(keyword);
        }
        let apart = stage.layer.keyword().filter(|keyword| layers::PARTS.iter().any(|parts| keyword.name == parts));
        if let Some(keyword) = apart {
            return self.take_apart(keyword, stage);
        }
        let written = stage.name.as_ref().map(|name| self.numbered(name));
        let taken = stage.layer.keyword().filter(|keyword| self.is_value(&keyword.name));
        let unknown = stage.layer.keyword().filter(|keyword| !layers::is_keyword(&keyword.name));
        // a value that is taken and not named again keeps its name
        let is_named = written.is_some() || unknown.is_none();
        let name =
            is_named.then(|| self.names.name(&self.namespace, written.as_ref(), &called, keyword.span(), self.report));
        let Marks { docs, frozen, kept } = self.attributes(stage);
        let is_frozen = self.is_frozen || frozen.is_some();
        let first = self.operations();
        self.around.extend(stage.name.clone());
        if let Some(taken) = taken {
            self.take(taken, written, is_frozen);
        } else if let Some(unknown) = unknown {
            self.unknown(unknown);
        } else if let Some(name) = name.clone() {
            let path = self.namespace.iter().cloned().chain([name.clone()]).collect();
            let place = Place { keyword, path, docs, is_frozen };
            self.apply(Placed { name, place, stage });
        }
        self.around.truncate(self.around.len() - usize::from(stage.name.is_some()));
        if let (Some(span), ast::Layer::Keyword(keyword)) = (frozen, &stage.layer) {
            let (keyword, operations) = (keyword.name.to_string(), first..self.operations());
            self.frozen.push(FrozenMark { span, keyword, operations });
        }
        self.check_annotation(stage);
        self.refuse_pattern(&called, &stage.parts, self.report.len() == before);
        if let Some(name) = &name {
            self.ends_with_one(&format!("the stage `{name}`"));
            self.remember(name, &called);
        }
        if let Some(span) = kept {
            self.keep(name.as_ref(), span);
        }
    }

    fn apply(&mut self, placed: Placed) {
        match &placed.stage.layer {
            ast::Layer::Keyword(keyword) => match layers::all().find(|layer| keyword.name == layer.keyword) {
                Some(definition) => self.layer(definition, keyword, placed),
                None => self.structure(keyword, placed),
            },
            ast::Layer::Type(path, more) => self.foreign(&path.into(), *more, placed),
        }
    }

    /// How many operations there are.
    fn operations(&self) -> usize {
        self.builder.as_ref().map_or(0, Builder::operations)
    }

    /// How many rows there are.
    fn rows(&self) -> usize {
        self.builder.as_ref().map_or(0, Builder::rows)
    }

    /// Makes a new current value of the last one; after a mistake there is none.
    fn append(&mut self, operation: impl FnOnce(&mut Builder, Value) -> Result<Value, Diagnostic>) {
        let (Some(builder), Some(input)) = (&mut self.builder, self.current.take()) else { return };
        match operation(builder, input) {
            Ok(made) => self.current = Current::Value(made),
            Err(error) => self.report.push(error),
        }
    }

    /// A stage that takes what stands before it is a mistake where nothing does.
    fn needs_value(&mut self, keyword: &Ident) {
        if let Current::Parts(parts, names) = &self.current {
            let error = format!("`{keyword}` takes one value, but `{parts}` makes several: {}", parts::named(names));
            let help = |first: &Ident| {
                format!("say which: write `{first}` before this stage, or `{first} {{ .. }}` around it")
            };
            let error = Diagnostic::new(keyword.span(), error);
            self.report.push(names.first().map(help).into_iter().fold(error, Diagnostic::help));
            self.current = Current::Mistaken;
        }
        if matches!(self.current, Current::Nothing) {
            let inputs = self.inputs.iter().map(|input| format!("`{input}`")).collect::<Vec<_>>().join(", ");
            let error = format!("`{keyword}` takes one value, but the network has several inputs: {inputs}");
            let error = Diagnostic::new(keyword.span(), error);
            let first = self.inputs.first().map_or_else(String::new, Ident::to_string);
            let is_structure = layers::STRUCTURES.iter().any(|structure| keyword == structure);
            let rest = if is_structure { " { .. }" } else { "(..)" };
            self.report.push(
                error.help(format!("say which: `{first} {{ {keyword}{rest} }}`, or write `{first}` before this stage")),
            );
            self.current = Current::Mistaken;
        }
    }

    /// The error with a note of the shapes so far.
    fn with_shapes(&self, error: Diagnostic) -> Diagnostic {
        match &self.builder {
            Some(builder) => builder.shapes.note(error),
            None => error,
        }
    }

    /// The comments and the marks of a stage.
    fn attributes(&mut self, stage: &Stage) -> Marks {
        let mut marks = Marks::default();
        for attribute in &stage.attributes {
            let path = attribute.path();
            let span = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
            if path.is_ident("doc") {
                marks.docs.push(attribute.to_token_stream());
                continue;
            }
            if path.is_ident("weights") {
                let error = Diagnostic::new(span, "`#[weights]` marks a network, not a stage");
                self.report.push(error.help("write it before `struct`: one file has the parameters of all stages"));
                continue;
            }
            let (name, mark) = match path.get_ident().map(ToString::to_string).as_deref() {
                Some("frozen") => ("frozen", &mut marks.frozen),
                Some("keep") => ("keep", &mut marks.kept),
                _ => {
                    let error = format!("a stage has no attribute `{}`", TypePath::from(path).spelling());
                    let error = Diagnostic::new(span, error);
                    self.report
                        .push(error.help("the attributes of a stage are `#[frozen]`, `#[keep]` and doc comments"));
                    continue;
                }
            };
            if !matches!(attribute.meta, syn::Meta::Path(_)) {
                let error = Diagnostic::new(span, format!("`{name}` takes no arguments"));
                self.report.push(error.help(format!("write `#[{name}]`")));
            } else if mark.replace(span).is_some() {
                let error = Diagnostic::new(span, format!("the stage is marked `#[{name}]` twice"));
                self.report.push(error.help("remove one of them"));
            }
        }
        marks
    }

    /// Compares what a stage makes with what is written; where a type from elsewhere made its shape of that, they agree.
    fn check_annotation(&mut self, stage: &Stage) {
        let Some(annotation) = &stage.annotation else { return };
        let (name, help) = match &stage.layer {
            ast::Layer::Keyword(keyword) if self.is_value(&keyword.name) => {
                (keyword.name.to_string(), "correct the annotation, or remove it")
            }
            ast::Layer::Keyword(keyword) => {
                (keyword.name.to_string(), "correct the annotation, or the options of the layer")
            }
            ast::Layer::Type(..) if self.current.value().is_none() => return, // its annotation was looked at already
            ast::Layer::Type(path, _) => (TypePath::from(path).spelling(), "correct the annotation, or remove it"),
        };
        match (self.scope.consts.shape(annotation), self.current.value()) {
            (Err(error), _) => self.report.push(error),
            (Ok(Some(written)), Some(made)) if written != made.shape => {
                let error = format!("`{name}` makes {}, but is annotated with {written}", made.shape);
                let error = self.with_shapes(Diagnostic::new(annotation.span, error)).help(help);
                self.report.push(error);
                self.current = Current::Mistaken;
            }
            _ => {}
        }
    }

    fn unknown(&mut self, keyword: &Keyword) {
        let unknown = || elsewhere::layers::unknown(&keyword.name.to_string(), [keyword.name.span(); 2]);
        self.report.push(self.no_value(&keyword.name).unwrap_or_else(unknown));
        self.current = Current::Mistaken;
        for branch in keyword.body.iter().flat_map(|body| &body.branches) {
            self.stages(branch);
        }
    }

    fn layer(&mut self, definition: &'static Definition, keyword: &Keyword, placed: Placed) {
        if let Some(body) = &keyword.body {
            let error = Diagnostic::new(body.span, format!("`{}` takes no body in braces", keyword.name));
            self.report.push(error.help("remove the braces, or write `residual { .. }` around the stages"));
        }
        let options =
            arguments::options(&keyword.name, definition.options, &keyword.options, &self.scope.consts, self.report);
        self.needs_value(&keyword.name);
        let Some(options) = options else { return self.current = Current::Mistaken };
        let Some(operands) = self.operands(&options) else { return self.current = Current::Mistaken };
        if let (Some(builder), None) = (&self.builder, self.current.value()) {
            self.report.extend(builder.check_options(&keyword.name, &options).err());
        }
        self.append(|builder, input| builder.layer(placed.place, definition, &options, &input, &operands));
    }
}
