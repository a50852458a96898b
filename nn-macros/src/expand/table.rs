//! What a network says of itself: the table of layers, as a const and as documentation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Expansion, number, workspace};
use crate::model::options::OptionValue;
use crate::model::shape::Shape;
use crate::model::spec::Parameter;
use crate::model::{Kind, Operation, Row};

/// The value of `Architecture::LAYERS`.
pub fn layers(context: &Expansion) -> TokenStream {
    let rows = context.model.rows.iter().map(|row| {
        let operation = row.operation.map(|index| &context.model.graph.operations[index]);
        let (name, keyword, inputs) = (&row.name, &row.keyword, row.inputs.iter().copied().map(number));
        let (input, output) = (sizes(&row.input), sizes(&row.output));
        let mut line = quote!(nn::layer(#name, #keyword, &[#(#inputs),*], #input, #output));
        if !row.options.is_empty() {
            let options = row.options.iter().map(|(name, value)| option(name, value));
            line.extend(quote!(.options(&[#(#options),*])));
        }
        let Some(operation) = operation else { return line };
        let start = operation.has_field.then(|| start(context, operation));
        match &operation.kind {
            Kind::Layer { layer, .. } => {
                let multiply_adds = Literal::u64_unsuffixed(layer.multiply_adds);
                if layer.multiply_adds > 0 {
                    line.extend(quote!(.multiply_adds(#multiply_adds)));
                }
                if let Some(start) = start {
                    let tensors = layer.parameters.iter().map(|parameter| tensor(context, parameter));
                    line.extend(quote!(.parameters(#start, &[#(#tensors),*])));
                }
            }
            Kind::Foreign(_) => {
                let layer = operation.foreign(context);
                let scalar = context.model.tensors.scalar;
                line.extend(quote!(.multiply_adds(#layer::MULTIPLY_ADDS)));
                if let Some(start) = start {
                    let alias = operation.alias(context);
                    let len = quote!(nn::size_of::<#alias>() / nn::size_of::<#scalar>());
                    line.extend(quote!(.layer(#start, #len, #layer::TENSORS, #layer::INNER)));
                }
                if operation.has_frozen_part() {
                    let (frozen, path) = (&context.names.frozen, operation.frozen_path());
                    line.extend(quote!(.frozen_part(nn::offset_of!(#frozen, #(#path).*) / nn::size_of::<#scalar>())));
                }
            }
            Kind::Combine { .. } | Kind::Concat { .. } => {}
        }
        if operation.is_frozen {
            line.extend(quote!(.frozen()));
        }
        line
    });
    quote!(&[#(#rows),*])
}

fn option(name: &str, value: &OptionValue) -> TokenStream {
    let value = match value {
        OptionValue::Size(size) => {
            let size = number(*size);
            quote!(Size(#size))
        }
        OptionValue::Pair(pair) => {
            let [height, width] = pair.map(number);
            quote!(Pair([#height, #width]))
        }
        OptionValue::Dimension(dimension) => {
            let dimension = Literal::isize_unsuffixed(*dimension);
            quote!(Dimension(#dimension))
        }
        OptionValue::Dimensions(dimensions) => {
            let dimensions = dimensions.iter().copied().map(Literal::isize_unsuffixed);
            quote!(Dimensions(&[#(#dimensions),*]))
        }
        OptionValue::Sides(sides) => {
            let sides = sides.iter().map(|sides| {
                let [before, after] = sides.map(number);
                quote!([#before, #after])
            });
            quote!(Sides(&[#(#sides),*]))
        }
        OptionValue::Shape(shape) => {
            let sizes = sizes(shape);
            quote!(Shape(#sizes))
        }
        OptionValue::Number(number) => {
            let number = Literal::f64_unsuffixed(*number);
            quote!(Number(#number))
        }
        OptionValue::Epsilon => quote!(Epsilon),
        OptionValue::Bool(value) => quote!(Bool(#value)),
        OptionValue::Word(word) => quote!(Word(#word)),
        OptionValue::Operand(place) => {
            let place = number(*place);
            quote!(Input(#place))
        }
        OptionValue::Name(name) => {
            let name = name.to_string();
            quote!(Word(#name))
        }
    };
    quote!((#name, nn::#value))
}

fn tensor(context: &Expansion, parameter: &Parameter) -> TokenStream {
    let (name, shape) = (parameter.name, parameter.shape.iter().copied().map(number));
    let state = parameter.is_state.then(|| quote!(.state()));
    let row_major = parameter.is_transposed.then(|| quote!(.row_major()));
    let scalar = context.model.tensors.scalar;
    quote!(nn::Tensor::new::<#scalar>(#name, &[#(#shape),*]) #state #row_major)
}

/// A shape as a slice.
pub fn sizes(shape: &Shape) -> TokenStream {
    let sizes = shape.sizes().iter().copied().map(number);
    quote!(&[#(#sizes),*])
}

/// The position of an operation's parameters in the flat slice.
fn start(context: &Expansion, operation: &Operation) -> TokenStream {
    let (name, path) = (if operation.is_frozen { &context.names.frozen } else { &context.model.name }, &operation.path);
    let scalar = context.model.tensors.scalar;
    quote!(nn::offset_of!(#name, #(#path).*) / nn::size_of::<#scalar>())
}

/// The table of layers as lines of Markdown.
pub fn docs(context: &Expansion) -> Vec<String> {
    let model = context.model;
    let mut lines = vec![
        String::new(),
        " | stage | layer | output | parameters | multiply-adds |".to_owned(),
        " |---|---|---|---:|---:|".to_owned(),
    ];
    for input in &model.tensors.inputs.0 {
        let name = input.name.as_ref().map_or_else(|| "input".to_owned(), |name| format!("`{name}`"));
        lines.push(format!(" | {name} | | `{}` | | |", input.shape));
    }
    for Row { name, keyword, output, operation, .. } in &model.rows {
        let (parameters, multiply_adds) = match operation.map(|index| &model.graph.operations[index].kind) {
            Some(Kind::Layer { layer, .. }) => {
                ((layer.trainable() + layer.state()).to_string(), layer.multiply_adds.to_string())
            }
            Some(Kind::Foreign(foreign)) => {
                let written = if foreign.steps.is_some() { &foreign.path.spelling() } else { keyword };
                (format!("those of [`{written}`]"), String::new())
            }
            _ => ("0".to_owned(), "0".to_owned()),
        };
        lines.push(format!(" | `{name}` | `{keyword}` | `{output}` | {parameters} | {multiply_adds} |"));
    }
    lines.push(String::new());
    lines.push(format!(
        " Workspaces: {} bytes a row for training ([`{}::BYTES`]), {} for inference ([`{}::BYTES`]).",
        workspace::bytes_per_row(context, context.training),
        context.names.workspace,
        workspace::bytes_per_row(context, context.inference),
        context.names.inference_workspace,
    ));
    lines
}

/// The documentation of a stage's field.
pub fn stage_doc(context: &Expansion, operation: &Operation) -> String {
    let Row { keyword, input, output, .. } = &context.model.rows[operation.row];
    format!(" `{keyword}`: {input} -> {output}").replace('[', "\\[").replace(']', "\\]")
}
