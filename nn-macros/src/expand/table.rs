//! What a network says of itself: the table of layers, as a const and as documentation, and the runs of its parameters.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Expansion, workspace};
use crate::model::{Kind, Operation, Row};
use crate::shape::Shape;

/// The const expressions that a row of the table consists of; numbers where the macro knows them.
struct Counts {
    parameters: TokenStream,
    state: TokenStream,
    multiply_adds: TokenStream,
}

fn counts(context: &Expansion, operation: Option<&Operation>) -> Counts {
    let scalar = context.model.tensors.scalar;
    match operation.map(|operation| (operation, &operation.kind)) {
        Some((_, Kind::Layer { layer, .. })) => {
            let (parameters, state, multiply_adds) = (layer.trainable(), layer.state(), layer.multiply_adds);
            Counts { parameters: quote!(#parameters), state: quote!(#state), multiply_adds: quote!(#multiply_adds) }
        }
        Some((operation, Kind::Foreign { path, .. })) => {
            let layer = operation.foreign(context.model).map(|(_, layer)| layer);
            let runs = quote!(<#path as #layer>::RUNS);
            Counts {
                parameters: quote!(::nn_runtime::__private::scalars(#runs, true)),
                state: quote!(::nn_runtime::__private::scalars(#runs, false)),
                multiply_adds: quote!(<#path as #layer<#scalar>>::MULTIPLY_ADDS),
            }
        }
        _ => Counts { parameters: quote!(0), state: quote!(0), multiply_adds: quote!(0) },
    }
}

/// The value of `Network::LAYERS`.
pub fn layers(context: &Expansion) -> TokenStream {
    let rows = context.model.rows.iter().map(|row| {
        let Row { name, keyword, input, output, operation } = row;
        let operation = operation.map(|index| &context.model.graph.operations[index]);
        let Counts { parameters, state, multiply_adds } = counts(context, operation);
        let is_frozen = operation.is_some_and(|operation| operation.is_frozen);
        let start = operation.filter(|operation| operation.has_field).map_or(quote!(0), |operation| start(context, operation));
        let (input, output) = (sizes(input), sizes(output));
        quote! {
            ::nn_runtime::network::LayerInfo {
                name: #name,
                keyword: #keyword,
                input: #input,
                output: #output,
                parameters: #parameters,
                state: #state,
                start: #start,
                is_frozen: #is_frozen,
                multiply_adds: #multiply_adds,
            }
        }
    });
    quote!(&[#(#rows),*])
}

/// A shape as a slice.
pub fn sizes(shape: &Shape) -> TokenStream {
    let sizes = shape.sizes();
    quote!(&[#(#sizes),*])
}

/// The position of an operation's parameters in the flat slice.
fn start(context: &Expansion, operation: &Operation) -> TokenStream {
    let (name, path) = (if operation.is_frozen { &context.names.frozen } else { &context.model.name }, &operation.path);
    let bytes = context.model.tensors.scalar.bytes();
    quote!(::core::mem::offset_of!(#name, #(#path).*) / #bytes)
}

/// The value of `Network::RUNS`.
pub fn runs(context: &Expansion) -> TokenStream {
    let parts = context.model.graph.operations.iter().filter(|operation| operation.has_field && !operation.is_frozen).map(|operation| {
        let start = start(context, operation);
        let runs = match &operation.kind {
            Kind::Layer { layer, .. } => {
                let runs = [(layer.trainable(), true), (layer.state(), false)].into_iter().filter(|(len, _)| *len > 0);
                let mut offset = 0;
                let runs = runs.map(|(len, is_trained)| {
                    let run = quote!(::nn_runtime::network::Run { start: #offset, len: #len, is_trained: #is_trained });
                    offset += len;
                    run
                });
                quote!(&[#(#runs),*])
            }
            Kind::Foreign { path, .. } => {
                let layer = operation.foreign(context.model).map(|(_, layer)| layer);
                quote!(<#path as #layer>::RUNS)
            }
            Kind::Sum => quote!(&[]),
        };
        quote!((#start, #runs))
    });
    quote! {{
        const PARTS: &[(::core::primitive::usize, &[::nn_runtime::network::Run])] = &[#(#parts),*];
        &::nn_runtime::__private::join_runs::<{ ::nn_runtime::__private::count_runs(PARTS) }>(PARTS)
    }}
}

/// The table of layers as lines of Markdown.
pub fn docs(context: &Expansion) -> Vec<String> {
    let model = context.model;
    let mut lines = vec![
        String::new(),
        "| stage | layer | output | parameters | multiply-adds |".to_owned(),
        "|---|---|---|---:|---:|".to_owned(),
        format!("| input | | `{}` | | |", model.tensors.input),
    ];
    for Row { name, keyword, output, operation, .. } in &model.rows {
        let (parameters, multiply_adds) = match operation.map(|index| &model.graph.operations[index].kind) {
            Some(Kind::Layer { layer, .. }) => ((layer.trainable() + layer.state()).to_string(), layer.multiply_adds.to_string()),
            Some(Kind::Foreign { .. }) => (format!("those of [`{keyword}`]"), String::new()),
            _ => ("0".to_owned(), "0".to_owned()),
        };
        lines.push(format!("| `{name}` | `{keyword}` | `{output}` | {parameters} | {multiply_adds} |"));
    }
    lines.push(String::new());
    lines.push(format!(
        "Workspaces: {} bytes a row for training ([`{}::BYTES`]), {} for inference ([`{}::BYTES`]).",
        workspace::bytes_per_row(context, &context.training),
        context.names.workspace,
        workspace::bytes_per_row(context, &context.inference),
        context.names.inference_workspace,
    ));
    lines
}

/// The documentation of a stage's field.
pub fn stage_doc(context: &Expansion, operation: usize) -> String {
    context
        .model
        .rows
        .iter()
        .find(|row| row.operation == Some(operation))
        .map_or_else(String::new, |row| format!("`{}`: {} -> {}", row.keyword, row.input, row.output).replace('[', "\\[").replace(']', "\\]"))
}
