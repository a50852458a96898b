//! A graph that is made without a spec: another source of networks needs no syntax tree.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Visibility;

use super::expand_all;
use crate::diagnostic::Report;
use crate::layers;
use crate::model::builder::{Builder, Built, CONCAT, Place, Value};
use crate::model::definition::Definition;
use crate::model::options::{OptionSpec, OptionValue, Options};
use crate::model::shape::Shape;
use crate::model::{
    Attributes, Combination, Element, Foreign, Made, Model, Port, Ports, ShapeHistory, Tensors, TypePath, Written,
};
use crate::plan::{Each, Step};
use crate::scope::Scope;
use crate::{check, expand, plan};

fn name(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

fn shape(sizes: &[usize]) -> Shape {
    Shape::new(sizes.to_vec()).expect("the sizes are small")
}

fn layer(keyword: &str) -> &'static Definition {
    layers::all().find(|layer| layer.keyword == keyword).expect("the layer is there")
}

/// Options whose first one is of this size.
fn options(specs: &'static [OptionSpec], sizes: &[usize]) -> Options {
    let values = specs.iter().zip(sizes).map(|(spec, size)| (spec.name, OptionValue::Size(*size)));
    let Ok(options) = Options::of(&name("options"), specs, values) else { panic!("the options are right") };
    options
}

/// The place of an operation that is called by its keyword and number.
fn place(keyword: &str, number: usize) -> Place {
    let path = vec![name(&format!("{keyword}{number}"))];
    Place { keyword: name(keyword), path, docs: Vec::new(), is_frozen: false }
}

fn tensors(input: &[usize], output: &[usize]) -> Tensors {
    let port = |sizes| Ports(vec![Port { name: None, element: Element::F32, shape: shape(sizes) }]);
    Tensors { scalar: Element::F32, inputs: port(input), outputs: port(output) }
}

/// The only input.
fn input(builder: &Builder) -> Value {
    builder.inputs().swap_remove(0)
}

/// The graph as the network `Net`.
fn model(tensors: Tensors, built: Built) -> Model {
    let Built { graph, rows, output_rows } = built;
    let output = &tensors.outputs.0[0].shape;
    let made = Made { shape: output.clone(), shapes: ShapeHistory::new(output.to_string()) };
    let written = Written { outputs: vec![(Span::call_site(), made)], frozen: Vec::new(), again: Vec::new() };
    let (attributes, visibility) = (Attributes::default(), Visibility::Inherited);
    Model {
        attributes,
        visibility,
        name: name("Net"),
        tensors,
        graph,
        rows,
        output_rows,
        is_stage: false,
        each: None,
        bodies: Vec::new(),
        written,
    }
}

fn expansion(model: Model) -> TokenStream {
    let mut scope = Scope::before(Vec::new(), Vec::new(), HashSet::new());
    let checked = check::network(plan::network(model), &mut scope, &mut Report::default());
    expand::network(&quote!(::nn_runtime), &checked.expect("the network keeps all rules"))
}

#[test]
fn a_graph_needs_no_spec() {
    let tensors = tensors(&[3], &[8]);
    let mut builder = Builder::new(&tensors);
    let (linear, relu, input) = (layer("linear"), layer("relu"), input(&builder));
    let size = options(linear.options, &[4]);
    let build = |builder: &mut Builder| {
        let first = builder.layer(place("linear", 1), linear, &size, &input, &[])?;
        let first = builder.layer(place("relu", 1), relu, &options(relu.options, &[]), &first, &[])?;
        let body = builder.layer(place("linear", 2), linear, &size, &first, &[])?;
        let sum = builder.residual(place("residual", 1), &body, &first)?;
        let type_path = TypePath { is_global: false, segments: vec![name("my"), name("Layer")] };
        let foreign = Foreign {
            path: type_path,
            element: Element::F32,
            input: sum.shape.clone(),
            output: shape(&[4]),
            has_frozen: false,
            has_parameters: true,
            needs_whole_batch: false,
            steps: None,
            frame: None,
        };
        let other = builder.foreign(place("layer", 1), foreign, None, &sum)?;
        builder.concat(place("concat", 1), &options(CONCAT, &[]), &[&sum, &other])
    };
    let output = build(&mut builder).map_err(|error| Report::from(error).tokens().to_string()).expect("it fits");
    let spec = "struct Net: [3] -> [8] { linear(4), relu, residual { linear(4) }, concat { [], [my::Layer -> [4]] } }";
    let expected = expand_all(spec.parse().expect("tokens"));
    assert_eq!(expansion(model(tensors, builder.finish(&[output]))).to_string(), expected.to_string());
}

/// A value may be taken by any number of later operations, in any order.
#[test]
fn a_value_is_taken_more_than_once() {
    let tensors = tensors(&[4], &[4]);
    let mut builder = Builder::new(&tensors);
    let (linear, input) = (layer("linear"), input(&builder));
    let size = options(linear.options, &[4]);
    let build = |builder: &mut Builder| {
        let one = builder.layer(place("linear", 1), linear, &size, &input, &[])?;
        let other = builder.layer(place("linear", 2), linear, &size, &input, &[])?;
        let sum = builder.combine(place("add", 1), "add", Combination::Sum, &[&other, &one, &input])?;
        builder.combine(place("add", 2), "add", Combination::Sum, &[&sum, &one])
    };
    let output = build(&mut builder).map_err(|error| Report::from(error).tokens().to_string()).expect("it fits");
    let planned = plan::network(model(tensors, builder.finish(&[output])));
    let forward = &planned.plans.training.forward;
    let count = |is_counted: fn(&&Step) -> bool| forward.iter().filter(is_counted).count();
    let counts = [
        count(|step| matches!(step, Step::Call(_))),
        count(|step| matches!(step, Step::Each { function: Each::Add, .. })),
        count(|step| matches!(step, Step::Each { function: Each::Copy, .. })),
    ];
    assert_eq!(counts, [2, 3, 0], "two layers, three terms more than sums, each into memory that is free");
}

#[test]
fn what_does_not_fit_is_a_mistake() {
    let mut builder = Builder::new(&tensors(&[3, 4], &[8]));
    let (linear, flatten, input) = (layer("linear"), layer("flatten"), input(&builder));
    let message = |error| Report::from(error).tokens().to_string();
    let flat = builder.layer(place("flatten", 1), flatten, &options(flatten.options, &[]), &input, &[]);
    let flat = flat.map_err(message).expect("it fits");
    let small = builder.layer(place("linear", 1), linear, &options(linear.options, &[5]), &flat, &[]);
    let small = small.map_err(message).expect("it fits");
    let found = [
        builder.combine(place("add", 1), "add", Combination::Sum, &[&flat, &small]),
        builder.residual(place("residual", 1), &small, &flat),
        builder.concat(place("concat", 1), &options(CONCAT, &[]), &[&input, &small]),
        builder.combine(place("add", 1), "add", Combination::Sum, &[]),
    ];
    let expected = [
        "the branches of `add` make [12] and [5]: the shapes differ",
        "`residual` adds its input [12] to what its stages make, [5]: the shapes differ",
        "the branches of `concat` make [3, 4] and [5]: they differ outside of dimension 0",
        "`add` has no inputs",
    ];
    for (found, expected) in found.into_iter().zip(expected) {
        let found = found.map(|_| ()).map_err(message).expect_err(expected);
        assert!(found.contains(expected), "{found}");
    }
}
