//! Builds a graph one operation at a time: the shape of each is inferred, and what does not fit is a mistake.
//!
//! A source says which operation is applied to which value: see `source`.

use proc_macro2::{Ident, Span, TokenStream};

use super::definition::{Context, Definition};
use super::options::{Dimension, Key, OptionSpec, OptionValue, Options};
use super::shape::Shape;
use super::{
    Broadcast, Combination, Element, Foreign, Graph, KeptValue, Kind, Operation, Outputs, Port, Row, ShapeHistory,
    Tensors, combination,
};
use crate::diagnostic::Diagnostic;

const DIM: Key<Dimension> = Key::dimension("dim");
/// The options of a concatenation.
pub const CONCAT: &[OptionSpec] = &[DIM.or(0)];

/// What an operation makes, and others take.
#[derive(Clone)]
pub struct Value {
    id: usize,
    /// The number of the row that makes it, behind those of the inputs, or of the input.
    row: usize,
    pub shape: Shape,
    pub element: Element,
}

impl Value {
    /// A value of no graph.
    #[cfg(test)]
    pub const fn new(shape: Shape, element: Element) -> Self {
        Self { id: 0, row: 0, shape, element }
    }

    /// Whether it is indices, and not numbers.
    pub const fn is_index(&self) -> bool {
        self.element.is_index()
    }
}

/// Where an operation is in its source.
pub struct Place {
    /// The word that asks for it, where its mistakes are reported.
    pub keyword: Ident,
    /// The names of the structures around it, and its own.
    pub path: Vec<Ident>,
    pub docs: Vec<TokenStream>,
    pub is_frozen: bool,
}

/// A graph that is not complete yet.
pub struct Builder {
    pub tensors: Tensors,
    graph: Graph,
    rows: Vec<Row>,
    /// The shapes up to the last operation. A source that goes on with another value sets those of that.
    pub shapes: ShapeHistory,
    /// Sizes of the declared input that the graph does not see: none, or in the body of an `each` the steps around it. `None` if the
    /// graph does not start at the declared input.
    sizes_before: Option<Vec<usize>>,
}

/// A complete graph.
pub struct Built {
    pub graph: Graph,
    pub rows: Vec<Row>,
    /// The number of the row that makes each output.
    pub output_rows: Vec<usize>,
}

impl Builder {
    pub fn new(tensors: &Tensors) -> Self {
        let inputs = &tensors.inputs.0;
        let graph = Graph {
            operations: Vec::new(),
            values: inputs.iter().map(|input| input.shape.len()).collect(),
            inputs: inputs.iter().map(|input| input.element.is_index()).collect(),
            outputs: Outputs::Named(Vec::new()),
            kept: Vec::new(),
        };
        let shapes = ShapeHistory::new(tensors.inputs.to_string());
        Self { tensors: tensors.clone(), graph, rows: Vec::new(), shapes, sizes_before: Some(Vec::new()) }
    }

    /// A builder for the body of an `each`, with the shapes that lead to it.
    pub fn on_each_step(&self, tensors: &Tensors, shapes: ShapeHistory) -> Self {
        let steps = match self.tensors.inputs.0.as_slice() {
            [input] if self.shapes.is_of_input() => Some(input.shape.first()),
            _ => None,
        };
        let before = self.sizes_before.as_ref().zip(steps).map(|(before, steps)| [&before[..], &[steps]].concat());
        Self { shapes, sizes_before: before, ..Self::new(tensors) }
    }

    /// The full declared shape for a shape inside this graph, if it starts at the declared input.
    fn declared(&self, shape: &Shape) -> Option<Shape> {
        Shape::new([self.sizes_before.as_ref()?, shape.sizes()].concat()).ok()
    }

    /// The network's inputs.
    pub fn inputs(&self) -> Vec<Value> {
        let inputs = self.tensors.inputs.0.iter().enumerate();
        inputs
            .map(|(id, Port { element, shape, .. })| Value { id, row: id, shape: shape.clone(), element: *element })
            .collect()
    }

    /// How many operations there are.
    pub const fn operations(&self) -> usize {
        self.graph.operations.len()
    }

    /// How many rows the table of layers has.
    pub const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The graph whose outputs are these values.
    pub fn finish(mut self, outputs: &[Value]) -> Built {
        self.graph.outputs = match outputs {
            [output] if self.tensors.outputs.single().is_some() => Outputs::One(output.id),
            outputs => Outputs::Named(outputs.iter().map(|output| output.id).collect()),
        };
        let output_rows = outputs.iter().map(|output| output.row).collect();
        Built { graph: self.graph, rows: self.rows, output_rows }
    }

    /// Keeps a value for the user, by the name of a stage.
    pub fn keep(&mut self, path: Vec<Ident>, value: &Value, span: Span) -> Result<(), Diagnostic> {
        if value.is_index() {
            let error =
                format!("`#[keep]` keeps numbers, but this value is indices of type `{}`", value.element.name());
            return Err(Diagnostic::new(span, error).help("remove `#[keep]`: the caller has the input"));
        }
        self.graph.kept.push(KeptValue { path, value: value.id });
        Ok(())
    }

    /// A layer of the library with its options, of which some name the further values that it takes.
    pub fn layer(
        &mut self,
        place: Place,
        definition: &Definition,
        options: &Options,
        input: &Value,
        operands: &[(&'static str, Value)],
    ) -> Result<Value, Diagnostic> {
        self.check_options(&place.keyword, options)?;
        let indices = definition.takes_indices.then_some(Element::U16);
        self.check_element(definition.keyword, indices, place.keyword.span(), input)?;
        let context = Context {
            keyword: &place.keyword,
            input: &input.shape,
            is_declared: self.shapes.is_of_input(),
            channels_first: self.tensors.channels_first(definition.keyword).and_then(|meant| self.declared(&meant)),
            options,
            element: input.element,
            operands,
        };
        let layer = (definition.build)(&context)
            .and_then(|layer| context.check_size(layer))
            .map_err(|error| self.shapes.note(error))?;
        let output = layer.output.clone();
        let made = if layer.calls.forward.is_none() {
            let row = self.row(&place, definition.keyword, (&[input], &input.shape), &output, None);
            Value { shape: output, row, ..input.clone() }
        } else {
            let kind = Kind::Layer { keyword: definition.keyword, layer: Box::new(layer) };
            let inputs: Vec<_> = std::iter::once(input).chain(operands.iter().map(|(_, operand)| operand)).collect();
            self.operation(place, definition.keyword, kind, &inputs, output)
        };
        let place_of = |name: &str| operands.iter().position(|(option, _)| *option == name);
        let placed = |(name, value)| match (value, place_of(name)) {
            (OptionValue::Name(_), Some(place)) => (name, OptionValue::Operand(place + 1)),
            (value, _) => (name, value),
        };
        self.set_options(options.all(input.shape.sizes().len()).into_iter().map(placed).collect());
        Ok(made)
    }

    /// The sum of a value and of what stages make of it.
    pub fn residual(&mut self, place: Place, body: &Value, input: &Value) -> Result<Value, Diagnostic> {
        self.check_element("residual", None, place.keyword.span(), input)?;
        if input.shape != body.shape {
            let error = format!(
                "`residual` adds its input {} to what its stages make, {}: the shapes differ",
                input.shape, body.shape
            );
            let error = Diagnostic::new(place.keyword.span(), error);
            return Err(self.shapes.note(error.help(format!("let its last stage make {}", input.shape))));
        }
        Ok(self.combination(place, "residual", Combination::Sum, &[body, input], body.shape.clone()))
    }

    /// Values combined element by element: of one shape, or broadcast to it.
    pub fn combine(
        &mut self,
        place: Place,
        keyword: &str,
        combination: Combination,
        values: &[&Value],
    ) -> Result<Value, Diagnostic> {
        self.check_branches(keyword, &place, values)?;
        let Some(first) = values.first() else { return Err(nothing(keyword, &place)) };
        let mut whole = first.shape.clone();
        for value in &values[1..] {
            let both = combination::broadcast_shape(&[whole.sizes(), value.shape.sizes()]);
            let Some(sizes) = both else {
                let error = format!("the branches of `{keyword}` make {whole} and {}: the shapes differ", value.shape);
                let error = Diagnostic::new(place.keyword.span(), error);
                return Err(error.help(combination::help(combination, &whole, &value.shape)));
            };
            whole = Shape::new(sizes).map_err(|problem| {
                let error = format!("`{keyword}` cannot make its output: {problem}");
                Diagnostic::new(place.keyword.span(), error)
            })?;
        }
        Ok(self.combination(place, keyword, combination, values, whole))
    }

    fn combination(
        &mut self,
        place: Place,
        keyword: &str,
        combination: Combination,
        values: &[&Value],
        output: Shape,
    ) -> Value {
        let broadcasts = values.iter().map(|value| Broadcast::between(value.shape.sizes(), output.sizes())).collect();
        self.operation(place, keyword, Kind::Combine { combination, broadcasts }, values, output)
    }

    /// Values side by side along the dimension that the options say.
    pub fn concat(&mut self, place: Place, options: &Options, parts: &[&Value]) -> Result<Value, Diagnostic> {
        self.check_branches("concat", &place, parts)?;
        let span = place.keyword.span();
        let Some(first) = parts.first().map(|part| &part.shape) else { return Err(nothing("concat", &place)) };
        let given = options.get(&DIM);
        let dim = given.index(first.sizes().len()).ok_or_else(|| {
            let error = format!("`concat` joins along dimension {}, but its branches make {first}", given.0);
            let error = Diagnostic::across(options.extent(&DIM).unwrap_or([span; 2]), error);
            error.help("dimensions are counted from 0, without the batch; -1 is the last")
        })?;
        let mut sizes = first.sizes().to_vec();
        for shape in parts.iter().skip(1).map(|part| &part.shape) {
            let is_alike = |at: usize| at == dim || shape.sizes()[at] == first.sizes()[at];
            if shape.sizes().len() != sizes.len() || !(0..sizes.len()).all(is_alike) {
                let error = format!(
                    "the branches of `concat` make {first} and {shape}: they differ outside of dimension {dim}"
                );
                let help = "let the branches agree in every other dimension, or choose another one: `concat(dim = 1)`";
                return Err(Diagnostic::new(span, error).help(help));
            }
            sizes[dim] += shape.sizes()[dim];
        }
        let output = Shape::new(sizes)
            .map_err(|problem| Diagnostic::new(span, format!("`concat` cannot make its output: {problem}")))?;
        let pieces = first.sizes()[..dim].iter().product();
        let made = self.operation(place, "concat", Kind::Concat { pieces }, parts, output);
        self.set_options(vec![(DIM.name, OptionValue::Dimension(dim.cast_signed()))]);
        Ok(made)
    }

    /// A type from elsewhere; what it takes, if that is known.
    pub fn foreign(
        &mut self,
        place: Place,
        foreign: Foreign,
        takes: Option<Element>,
        input: &Value,
    ) -> Result<Value, Diagnostic> {
        let (written, span, output) = (foreign.path.spelling(), foreign.path.last().span(), foreign.output.clone());
        if let Some(takes) = takes {
            let indices = Some(takes).filter(|takes| takes.is_index());
            self.check_element(&written, indices, span, input)?;
            let given = foreign.element;
            if indices.is_some() && takes != given {
                let (takes, given) = (takes.name(), given.name());
                let error = format!("`{written}` takes indices of type `{takes}`, but its input is of type `{given}`");
                let help = format!("declare the input as `{takes} {}`", input.shape);
                return Err(Diagnostic::new(span, error).help(help));
            }
        }
        Ok(self.operation(place, &written, Kind::Foreign(foreign), &[input], output))
    }

    /// The body of an `each`, which fits its input.
    pub fn each(&mut self, place: Place, body: Foreign, input: &Value) -> Value {
        let output = body.output.clone();
        self.operation(place, "each", Kind::Foreign(body), &[input], output)
    }

    /// Whether all numbers are finite, and none is rounded to 0, in the type that the network computes in.
    pub fn check_options(&self, keyword: &Ident, options: &Options) -> Result<(), Diagnostic> {
        let lost = options.not_in_f32().filter(|_| self.tensors.scalar == Element::F32);
        let Some((name, number, extent)) = lost else { return Ok(()) };
        let [is, other] = if number.abs() > 1.0 { ["large", "smaller"] } else { ["small", "larger"] };
        let error = format!("`{name}` of `{keyword}` is {number:e}, which is too {is} for an `f32`");
        let help = format!("write a {other} number, or declare the network in `f64`");
        Err(Diagnostic::across(extent.unwrap_or([keyword.span(); 2]), error).help(help))
    }

    /// Whether a value is what an operation takes: numbers, or indices, for which messages show a type.
    pub fn check_element(
        &self,
        keyword: &str,
        indices: Option<Element>,
        span: Span,
        input: &Value,
    ) -> Result<(), Diagnostic> {
        if input.is_index() == indices.is_some() {
            return Ok(());
        }
        let Some(indices) = indices.map(Element::name) else {
            let element = input.element.name();
            let error = format!("`{keyword}` takes numbers, but its input is indices of type `{element}`");
            return Err(Diagnostic::new(span, error).help(self.numbers_instead(input)));
        };
        let error = Diagnostic::new(span, format!("`{keyword}` takes indices, but its input is numbers"));
        Err(match *input.shape.sizes() {
            [steps] if input.id < self.graph.inputs.len() => {
                error.help(format!("declare the input as indices, such as `{indices} [{steps}]`"))
            }
            _ => error.help(format!(
                "begin the network with `{keyword}`, and declare its input as indices, such as `{indices} [32]`"
            )),
        })
    }

    /// What to do where an operation takes numbers, but its input is indices.
    fn numbers_instead(&self, input: &Value) -> String {
        let scalar = self.tensors.scalar.name();
        let declare = self.declared(&input.shape).map(|shape| format!(", or declare the input as `{scalar} {shape}`"));
        format!("begin with `embedding(num_embeddings, embedding_dim)`{}", declare.unwrap_or_default())
    }

    /// Whether all branches of a structure make numbers.
    fn check_branches(&self, keyword: &str, place: &Place, values: &[&Value]) -> Result<(), Diagnostic> {
        let Some(indices) = values.iter().find(|value| value.is_index()) else { return Ok(()) };
        let element = indices.element.name();
        let error = format!(
            "the branches of `{keyword}` make numbers, but one of them is the input, indices of type `{element}`"
        );
        Err(Diagnostic::new(place.keyword.span(), error).help(self.numbers_instead(indices)))
    }

    /// Adds an operation, and its row.
    fn operation(&mut self, place: Place, keyword: &str, kind: Kind, inputs: &[&Value], output: Shape) -> Value {
        let has_field = match &kind {
            Kind::Layer { layer, .. } => !layer.parameters.is_empty(),
            Kind::Foreign(_) => true,
            Kind::Combine { .. } | Kind::Concat { .. } => false,
        };
        let shown = if matches!(kind, Kind::Layer { .. }) { inputs.first() } else { inputs.last() };
        let input = shown.map_or(&output, |input| &input.shape);
        let row = self.row(&place, keyword, (inputs, input), &output, Some(self.graph.operations.len()));
        let id = self.graph.values.len();
        self.graph.values.push(output.len());
        self.graph.operations.push(Operation {
            kind,
            inputs: inputs.iter().map(|input| input.id).collect(),
            output: id,
            path: place.path,
            has_field,
            row: row - self.graph.inputs.len(),
            docs: place.docs,
            is_frozen: place.is_frozen && has_field,
            has_gradient: true,
        });
        Value { id, row, shape: output, element: self.tensors.scalar }
    }

    /// Adds a row to the table of layers, which shows the shape of one of the inputs; its number, counted behind the inputs.
    fn row(
        &mut self,
        place: &Place,
        keyword: &str,
        (inputs, input): (&[&Value], &Shape),
        output: &Shape,
        operation: Option<usize>,
    ) -> usize {
        if input != output {
            self.shapes.push(format!("{keyword} {output}"));
        }
        let path: Vec<_> = place.path.iter().map(Ident::to_string).collect();
        self.rows.push(Row {
            name: path.join("."),
            span: place.keyword.span(),
            keyword: keyword.to_owned(),
            inputs: inputs.iter().map(|input| input.row).collect(),
            input: input.clone(),
            output: output.clone(),
            part_of: None,
            options: Vec::new(),
            operation,
        });
        self.graph.inputs.len() + self.rows.len() - 1
    }

    /// Says that the last row is a part that a stage of this keyword makes.
    pub fn set_part_of(&mut self, keyword: &Ident) {
        if let Some(row) = self.rows.last_mut() {
            row.part_of = Some(keyword.to_string());
        }
    }

    /// Sets the options of the last row.
    fn set_options(&mut self, options: Vec<(&'static str, OptionValue)>) {
        if let Some(row) = self.rows.last_mut() {
            row.options = options;
        }
    }
}

fn nothing(keyword: &str, place: &Place) -> Diagnostic {
    Diagnostic::new(place.keyword.span(), format!("`{keyword}` has no inputs"))
}
