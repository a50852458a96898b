//! The options of every layer, given without any syntax: each layer reads what it lists, and nothing else.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Ident, Span};

use super::expand_all;
use crate::diagnostic::{Diagnostic, Report};
use crate::layers::{all, is_elementwise};
use crate::model::Element;
use crate::model::builder::Value;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Default as Unwritten, Kind, OptionSpec, OptionValue, Options};
use crate::model::shape::Shape;
use crate::model::spec::{Argument, Calls, Infer, Layer, Step};

fn shape(sizes: &[usize]) -> Shape {
    Shape::new(sizes.to_vec()).expect("a shape")
}

fn keyword(layer: &Definition) -> Ident {
    Ident::new(layer.keyword, Span::call_site())
}

fn build(layer: &Definition, input: &Shape, options: &Options) -> Result<Layer, Diagnostic> {
    let keyword = &keyword(layer);
    let operands: Vec<_> = options.operands().map(|(option, name)| (option, value(&name.to_string(), input))).collect();
    let context = Context {
        keyword,
        input,
        is_declared: true,
        channels_first: None,
        options,
        element: Element::U8,
        operands: &operands,
    };
    (layer.build)(&context)
}

/// What an option that takes a value is given: an index, so many numbers, or a sequence as the input is.
fn value(name: &str, input: &Shape) -> Value {
    match name {
        "index" => Value::new(shape(&[1]), Element::U16),
        "two" => Value::new(shape(&[2]), Element::F32),
        _ => Value::new(input.clone(), Element::F32),
    }
}

/// Values that an option takes. The first goes well with those of other options.
fn values(spec: &OptionSpec, input: &Shape) -> Vec<OptionValue> {
    match spec.kind {
        Kind::Size | Kind::Pair | Kind::Scale | Kind::Lengths => [2, 1].map(OptionValue::Size).into(),
        Kind::SizeOrZero | Kind::PairOrZero => [0, 1].map(OptionValue::Size).into(),
        Kind::Around { is_pair, may_be_same } => {
            let sides = OptionValue::Sides(vec![[0, 1]; if is_pair { 2 } else { 1 }]);
            let same = may_be_same.then_some(OptionValue::Word("same"));
            [OptionValue::Size(0), OptionValue::Size(1), sides].into_iter().chain(same).collect()
        }
        Kind::Dimension | Kind::Place => vec![OptionValue::Dimension(0)],
        Kind::Dimensions => {
            vec![OptionValue::Dimensions((0..input.sizes().len()).rev().map(usize::cast_signed).collect())]
        }
        Kind::Sides => vec![OptionValue::Sides(vec![[1, 2]])],
        Kind::Float { least, most } => [0.5, least, most].map(OptionValue::Number).into(),
        Kind::Bool => [false, true].map(OptionValue::Bool).into(),
        Kind::Shape => vec![OptionValue::Shape(shape(&[input.len()]))],
        Kind::Word(words) => words.iter().map(|word| OptionValue::Word(word)).collect(),
        Kind::Value => {
            ["index", "two", "sequence"].map(|name| OptionValue::Name(Ident::new(name, Span::call_site()))).into()
        }
    }
}

/// Builds a layer that lists these options on inputs of all ranks, with each of their values in turn.
fn build_all(layer: &Definition, specs: &'static [OptionSpec]) -> Vec<Layer> {
    let mut built = Vec::new();
    for input in [&[6][..], &[4, 6], &[4, 6, 6]].map(shape) {
        let first = |spec: &OptionSpec| (spec.name, values(spec, &input).swap_remove(0));
        let required: Vec<_> = specs.iter().filter(|spec| spec.default.is_required()).map(first).collect();
        let one_more = specs.iter().flat_map(|spec| values(spec, &input).into_iter().map(|value| (spec.name, value)));
        for given in [None].into_iter().chain(one_more.map(Some)) {
            let mut values: Vec<_> = required.clone();
            values.retain(|(name, _)| given.as_ref().is_none_or(|(given, _)| given != name));
            values.extend(given);
            let Ok(options) = Options::of(&keyword(layer), specs, values) else { continue };
            built.extend(build(layer, &input, &options));
        }
    }
    built
}

/// A layer reads only what it lists: with its own list it is built, and with any option missing it is not, so that an option
/// that is read and not listed does not pass unnoticed. The numbers of an elementwise function are read by the list itself.
#[test]
fn every_layer_reads_the_options_that_it_lists() {
    for layer in all() {
        let built = catch_unwind(|| build_all(layer, layer.options));
        assert!(
            built.is_ok_and(|built| !built.is_empty()),
            "`{}` reads an option that it does not list",
            layer.keyword
        );
        for missing in layer.options {
            let rest: Vec<_> = layer.options.iter().filter(|spec| spec.name != missing.name).cloned().collect();
            let is_read = catch_unwind(AssertUnwindSafe(|| build_all(layer, rest.leak()))).is_err();
            let is_by_list = is_elementwise(layer.keyword) && matches!(missing.kind, Kind::Float { .. });
            assert!(is_read || is_by_list, "`{}` lists `{}`, but does not read it", layer.keyword, missing.name);
        }
    }
}

/// The arguments of all calls of a layer.
fn arguments(layer: &Layer) -> Vec<&Argument> {
    let Calls { init, forward, infer, backward_shared, backward_parameters, backward_input, step } = &layer.calls;
    let infer = if let Infer::Call(call) = infer { Some(call) } else { None };
    let step = if let Step::Call { call, .. } = step { Some(call) } else { None };
    let calls = [init, forward, backward_shared, backward_parameters, backward_input].map(Option::as_ref);
    calls.into_iter().chain([infer, step]).flatten().flatten().collect()
}

/// An argument names a parameter that the layer has; an optional one, that it has with other values of its options: with a
/// name that is in no list, it would always be `None`.
#[test]
fn every_argument_names_a_parameter_of_its_layer() {
    for layer in all() {
        let built = build_all(layer, layer.options);
        let ever: HashSet<_> =
            built.iter().flat_map(|layer| &layer.parameters).map(|parameter| parameter.name).collect();
        for made in &built {
            let has = |name: &&str| made.parameters.iter().any(|parameter| parameter.name == *name);
            for argument in arguments(made) {
                let is_there = match argument {
                    Argument::Parameter(name) | Argument::Gradient(name) => has(name),
                    Argument::Parameters(names)
                    | Argument::Gradients(names)
                    | Argument::Slices(names)
                    | Argument::GradientSlices(names) => names.iter().all(has),
                    Argument::OptionalParameter(name) | Argument::OptionalGradient(name) => ever.contains(name),
                    Argument::LayerGradient => false,
                    _ => true,
                };
                assert!(is_there, "`{}` names a parameter in a call that it does not have", layer.keyword);
            }
        }
    }
}

/// A default is a value that the option takes.
#[test]
fn every_default_is_a_value_of_its_option() {
    for layer in all() {
        for spec in layer.options {
            match &spec.default {
                Unwritten::Value(value) if *value != OptionValue::Epsilon => {
                    let checked = spec.check(&keyword(layer), value.clone(), [Span::call_site(); 2]);
                    assert_eq!(checked.ok().as_ref(), Some(value), "`{}` of `{}`", spec.name, layer.keyword);
                }
                Unwritten::SameAs(other) => {
                    let other = layer.options.iter().find(|option| option.name == *other);
                    assert!(other.is_some_and(|other| other.kind == spec.kind), "`{}`", layer.keyword);
                }
                Unwritten::Value(_) | Unwritten::Required | Unwritten::Nothing => {}
            }
        }
    }
}

fn given(layer: &str, values: Vec<(&str, OptionValue)>) -> Result<Options, Report> {
    let layer = all().find(|other| other.keyword == layer).expect("a layer");
    Options::of(&keyword(layer), layer.options, values)
}

/// Options that no syntax says make the same layer as those that are written.
#[test]
fn a_layer_is_built_without_syntax() {
    let layer = all().find(|layer| layer.keyword == "conv2d").expect("a layer");
    let values = vec![("kernel_size", OptionValue::Size(3)), ("out_channels", OptionValue::Size(5))];
    let options = given("conv2d", values).expect("the options are right");
    let all: Vec<_> = options.all(2).iter().map(|(name, value)| format!("{name} = {value}")).collect();
    assert_eq!(
        all.join(", "),
        "out_channels = 5, kernel_size = (3, 3), stride = (1, 1), padding = (0, 0), dilation = (1, 1), groups = 1, bias = true"
    );
    let built = build(layer, &shape(&[2, 9, 7]), &options).expect("the layer fits");
    assert_eq!(built.output.to_string(), "[5, 7, 5]");
    assert_eq!(
        built.parameters.iter().map(|parameter| parameter.shape.clone()).collect::<Vec<_>>(),
        [vec![5, 2, 3, 3], vec![5]]
    );
}

/// The rules are those for what is written, in the same words.
#[test]
fn options_without_syntax_are_checked_by_the_same_rules() {
    use OptionValue::{Bool, Number, Pair, Size, Word};
    for (layer, values, written) in [
        ("linear", vec![], "linear"),
        ("linear", vec![("bias", Bool(true))], "linear(bias = true)"),
        ("linear", vec![("out_features", Size(0))], "linear(0)"),
        ("linear", vec![("out_features", Number(0.5))], "linear(0.5)"),
        ("linear", vec![("out_features", Size(3)), ("wrong", Bool(true))], "linear(3, wrong = true)"),
        (
            "linear",
            vec![("out_features", Size(3)), ("out_features", Size(3))],
            "linear(out_features = 3, out_features = 3)",
        ),
        ("conv1d", vec![("out_channels", Size(3)), ("kernel_size", Pair([3, 3]))], "conv1d(3, (3, 3))"),
        ("max_pool2d", vec![("kernel_size", Pair([3, 0]))], "max_pool2d((3, 0))"),
        ("dropout", vec![("p", Number(1.5))], "dropout(1.5)"),
        ("rnn", vec![("hidden_size", Size(3)), ("nonlinearity", Word("gelu"))], "rnn(3, nonlinearity = gelu)"),
        ("relu", vec![("alpha", Number(1.5))], "relu(alpha = 1.5)"),
        ("linear", vec![("out_features", Size(0)), ("wrong", Bool(true))], "linear(0, wrong = true)"),
    ] {
        let network = format!("struct Net: [4, 8] -> [3] {{ {written} }}");
        let expected = expand_all(network.parse().expect("tokens")).to_string();
        let Err(report) = given(layer, values) else { panic!("{written} is right") };
        assert!(!report.is_empty());
        for mistake in report {
            let message = Report::from(mistake).tokens().to_string();
            let message = message.split('"').nth(1).expect("a message");
            assert!(expected.contains(message), "{message:?} is not said of {written}: {expected}");
        }
    }
    for number in [f64::NAN, f64::INFINITY] {
        assert!(given("elu", vec![("alpha", Number(number))]).is_err(), "{number} is no value");
    }
}
