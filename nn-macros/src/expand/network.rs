//! The implementation of `Parameters`: the passes, and what is known of the network.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::passes::{self, Mode, Pass};
use super::{Expansion, number, rows, table, workspace};
use crate::layers::moves_values;
use crate::model::options::OptionValue;
use crate::model::shape::Shape;
use crate::model::spec::MiniBatch;
use crate::model::{Kind, Operation, Outputs, Port, Ports, Tensors};
use crate::plan::Place;

pub fn implementation(context: &Expansion) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let tensors = &model.tensors;
    let (name, written, scalar) = (&model.name, model.name.to_string(), tensors.scalar);
    let (input, output) = rows(context);
    let bounds: Vec<_> = (0..tensors.inputs.0.len()).map(|input| index_bound(context, input)).collect();
    let inputs = tensors
        .inputs
        .0
        .iter()
        .zip(&bounds)
        .enumerate()
        .map(|(number, (input, bound))| port(input, bound.as_ref(), model.most_steps(number).next().is_some()));
    let outputs = tensors.outputs.0.iter().map(|output| port(output, None, false));
    let (workspace, inference) = (&names.workspace, &names.inference_workspace);
    let frozen_type = model.frozen_type(names);
    let layers = table::layers(context);
    let ending = ending(context);
    let needs = needs(context);
    let has_input_gradient = (!model.has_input_gradient()).then(|| {
        quote!(
            const HAS_INPUT_GRADIENT: bool = false;
        )
    });
    let init = init(context);
    let passes = passes(context);
    quote! {
        #[automatically_derived]
        impl nn::Architecture for #name {
            type Scalar = #scalar;
            type Input = #input;
            type Output = #output;
            type Ending = #ending;
            type Scratch<const __BATCH: usize> = #inference<__BATCH>;

            const LAYERS: &'static [nn::LayerInfo] = #layers;
            const INPUTS: &'static [nn::Port] = &[#(#inputs),*];
            const OUTPUTS: &'static [nn::Port] = &[#(#outputs),*];
        }

        #[automatically_derived]
        impl nn::Parameters for #name {
            type Frozen = #frozen_type;
            type Workspace<const __BATCH: usize> = #workspace<__BATCH>;
            type PredictFits = nn::Fits<{ nn::size_of::<#inference>() <= nn::PREDICT_BYTES }>;
            type OutputFits = nn::Fits<{ nn::size_of::<#output>() <= nn::STACK_BYTES }>;

            const NAME: &'static nn::str = #written;
            const RUNS: &'static [nn::Run] = {
                const LAYERS: &[nn::LayerInfo] = <#name as nn::Architecture>::LAYERS;
                &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
            };
            #needs
            #has_input_gradient

            #init
            #passes
        }
    }
}

/// The implementations of the public traits, by which the network alone is handed over: under a bound that says what to write if
/// there are frozen parameters.
pub fn handed_over(context: &Expansion) -> TokenStream {
    let (name, scratch) = (&context.model.name, &context.names.inference_workspace);
    let trainable = quote! {
        #[automatically_derived]
        impl nn::Trainable for #name {
            type Parameters = Self;

            #[inline(always)]
            fn parameters(&self) -> &Self {
                self
            }

            #[inline(always)]
            fn parameters_mut(&mut self) -> &mut Self {
                self
            }
        }
    };
    let (input, output) = rows(context);
    let frozen = context.model.frozen_type(&context.names);
    let bound = alone(context).map(|bound| quote!(where #bound));
    quote! {
        #trainable

        #[automatically_derived]
        impl nn::Predict for #name #bound {
            #[inline(always)]
            fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: I,
                __input: &nn::Tile<#input, __BATCH>,
                __scratch: &'s mut #scratch<__BATCH>,
            ) -> &'s nn::Tile<#output, __BATCH> {
                nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
            }
        }

        #[automatically_derived]
        impl nn::Network for #name #bound {}

        #[automatically_derived]
        impl nn::Parts<Self> for #name #bound {
            #[inline(always)]
            fn parts(&self) -> (&Self, &#frozen) {
                (self, nn::nothing())
            }
        }

        #[automatically_derived]
        impl nn::PartsMut<Self> for #name #bound {
            #[inline(always)]
            fn parts_mut(&mut self) -> (&mut Self, &#frozen) {
                (self, nn::nothing())
            }
        }

        #[automatically_derived]
        impl nn::Restore for #name #bound {
            fn both_mut(&mut self) -> (&mut Self, &mut #frozen) {
                (self, nn::nothing_mut())
            }
        }
    }
}

/// The bound under which the network alone is handed over, if it has frozen parameters.
pub fn alone(context: &Expansion) -> Option<TokenStream> {
    let frozen = &context.names.frozen;
    context.model.has_frozen().then(|| quote!(#frozen: for<'a> nn::NothingFrozen<'a>,))
}

/// The types of a sample that goes in, and of what comes out.
pub fn rows(context: &Expansion) -> (TokenStream, TokenStream) {
    let (Tensors { inputs, outputs, .. }, names) = (&context.model.tensors, &context.names);
    let row = |ports: &Ports, name: &Ident| {
        let lens: Vec<_> = ports.0.iter().map(|port| port.shape.len()).collect();
        rows::row(ports, &lens, name)
    };
    (row(inputs, &names.input), row(outputs, &names.output))
}

/// An input or an output, for the table of layers.
fn port(port: &Port, bound: Option<&TokenStream>, is_length: bool) -> TokenStream {
    let (name, shape) = (port.name.as_ref().map_or_else(String::new, Ident::to_string), table::sizes(&port.shape));
    let indices = bound.map(|bound| quote!(.indices(#bound)));
    let lengths = is_length.then(|| quote!(.lengths()));
    quote!(nn::Port::new(#name, #shape) #indices #lengths)
}

/// What the outputs are, for losses.
fn ending(context: &Expansion) -> TokenStream {
    let model = context.model;
    let outputs = model.tensors.outputs.0.iter().zip(&model.output_rows);
    let mut endings: Vec<_> = outputs.map(|(output, row)| ending_of(context, &output.shape, *row)).collect();
    match &model.graph.outputs {
        Outputs::One(_) => endings.pop().unwrap_or_default(),
        Outputs::Named(_) => {
            endings.into_iter().rev().fold(quote!(()), |rest, ending| quote!(nn::Endings<#ending, #rest>))
        }
    }
}

/// What an output is: its last layer, apart from those that only move values, and its sizes.
fn ending_of(context: &Expansion, shape: &Shape, row: usize) -> TokenStream {
    let model = context.model;
    let mut last = model.row(row);
    while let Some(moved) = last.filter(|last| moves_values(&last.keyword)) {
        last = model.row(moved.inputs[0]);
    }
    let operation = last.and_then(|row| row.operation).map(|index| &model.graph.operations[index]);
    // along another dimension it is not the probabilities of classes
    let is_along_last = last.is_some_and(|row| {
        let dims = row.options.iter().filter(|(name, _)| *name == "dim");
        dims.map(|(_, dim)| dim).all(|dim| *dim == OptionValue::Dimension(row.output.sizes().len().cast_signed() - 1))
    });
    let last = match operation.map(|operation| (operation, &operation.kind)) {
        Some((operation, Kind::Foreign(_))) => {
            let layer = operation.foreign(context);
            quote!(<nn::LastLayer<{ #layer::LAST }> as nn::Named>::Last)
        }
        Some((_, Kind::Layer { keyword: "softmax", .. })) if is_along_last => quote!(nn::Softmax),
        Some((_, Kind::Layer { keyword: "log_softmax", .. })) if is_along_last => quote!(nn::LogSoftmax),
        Some((_, Kind::Layer { keyword: "sigmoid", .. })) => quote!(nn::Sigmoid),
        _ => quote!(nn::Other),
    };
    let total = shape.len();
    let steps = match shape.sizes() {
        [steps, _, ..] => *steps,
        _ => 1,
    };
    let outputs = |number: usize| {
        let (is_several, number) = (number > 1, self::number(number));
        quote!(nn::Outputs<#number, #is_several>)
    };
    let (each, total, steps) = (outputs(total / steps.max(1)), outputs(total), number(steps));
    quote!(nn::Ending<#last, #total, #steps, #each>)
}

/// The bound of the indices of an input, if it is made of them.
fn index_bound(context: &Expansion, input: usize) -> Option<TokenStream> {
    let operations = context.model.graph.operations.iter().filter(|operation| operation.inputs.first() == Some(&input));
    let bounds = operations.clone().filter_map(|operation| match &operation.kind {
        Kind::Layer { layer, .. } => layer.index_bound,
        _ => None,
    });
    let bounds = bounds.chain(context.model.most_steps(input).map(|steps| steps + 1));
    let bound = bounds.min().map(number).map(|bound| quote!(nn::Some(#bound)));
    let is_network = |operation: &&Operation| match &operation.kind {
        Kind::Foreign(foreign) => foreign.element.is_index(),
        _ => false,
    };
    let networks = operations.filter(is_network).map(|operation| {
        let layer = operation.foreign(context);
        quote!(#layer::INDEX_BOUND)
    });
    let all: Vec<_> = bound.into_iter().chain(networks).collect();
    match all.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        all => Some(quote!(nn::least(&[#(#all),*]))),
    }
}

/// The constants that say what the layers that are trained need of a mini-batch, where any needs something.
fn needs(context: &Expansion) -> TokenStream {
    let whole_batch = need(context, &quote!(NEEDS_WHOLE_BATCH), |needed| needed != MiniBatch::Any);
    let several_samples = need(context, &quote!(NEEDS_SEVERAL_SAMPLES), |needed| needed == MiniBatch::SeveralInOneTile);
    quote!(#whole_batch #several_samples)
}

fn need(context: &Expansion, name: &TokenStream, is_needed: fn(MiniBatch) -> bool) -> Option<TokenStream> {
    let trained = context.model.graph.operations.iter().filter(|operation| !operation.is_frozen);
    let needs: Vec<_> = trained
        .filter_map(|operation| match &operation.kind {
            Kind::Layer { layer, .. } => is_needed(layer.mini_batch).then(|| quote!(true)),
            Kind::Foreign(_) => {
                let layer = operation.foreign(context);
                Some(quote!(#layer::#name))
            }
            Kind::Combine { .. } | Kind::Concat { .. } => None,
        })
        .collect();
    (!needs.is_empty()).then(|| quote!(const #name: bool = #(#needs)||*;))
}

/// `init`, and `init_frozen` where anything is frozen.
fn init(context: &Expansion) -> TokenStream {
    let operations = &context.model.graph.operations;
    let written = |is_frozen: bool, owner: TokenStream| -> Vec<_> {
        let is_meant = |operation: &&Operation| operation.has_field && operation.is_frozen == is_frozen;
        operations.iter().filter(is_meant).map(|operation| passes::init(context, operation, &owner)).collect()
    };
    let parts = operations.iter().filter(|operation| operation.has_frozen_part()).map(|operation| {
        let (layer, path) = (operation.foreign(context), operation.frozen_path());
        quote!(#layer::init_frozen(&mut __frozen #(.#path)*, __rng);)
    });
    let (own, mut frozen) = (written(false, quote!(self)), written(true, quote!(__frozen)));
    frozen.extend(parts);
    let frozen_type = context.model.frozen_type(&context.names);
    let init_frozen = (!frozen.is_empty()).then(|| {
        quote! {
            fn init_frozen<R: nn::Rng + ?nn::Sized>(__frozen: &mut #frozen_type, __rng: &mut R) {
                #(#frozen)*
            }
        }
    });
    quote! {
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            #(#own)*
        }

        #init_frozen
    }
}

/// What the end of a pass binds of the workspace: the slot of the only output, or, named by the first, the field of all of them.
pub fn read(output: Option<Place>) -> Vec<Place> {
    vec![output.unwrap_or(Place::Output(0))]
}

fn passes(context: &Expansion) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let (training, inference) = (context.training, context.inference);
    let (frozen, (input, output)) = (model.frozen_type(names), rows(context));
    let (workspace, inference_workspace) = (&names.workspace, &names.inference_workspace);
    let pass = |plan, steps, workspace: &Ident, extra: &[Place]| {
        Pass { context, graph: &model.graph, plan, steps, mode: Mode::Given }.statements(&quote!(#workspace), extra)
    };
    let forward = pass(training, &training.forward, workspace, &[]);
    let loss = pass(training, &training.loss, workspace, &read(training.grad_output));
    let backward = pass(training, &training.backward, workspace, &[]);
    let backward_input = pass(training, &training.backward_input, workspace, &[]);
    let infer = pass(inference, &inference.forward, inference_workspace, &read(inference.output));
    let grad_output = workspace::output_view(context, training, training.grad_output, true);
    let inferred = workspace::output_view(context, inference, inference.output, false);
    quote! {
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &#frozen,
            __input: &nn::Tile<#input, __BATCH>,
            __workspace: &mut #workspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            #forward
        }

        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(__workspace: &mut #workspace<__BATCH>) -> &mut nn::Tile<#output, __BATCH> {
            #loss
            #grad_output
        }

        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &#frozen,
            __input: &nn::Tile<#input, __BATCH>,
            __workspace: &mut #workspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            #backward
        }

        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &#frozen,
            __input: &mut nn::Tile<#input, __BATCH>,
            __workspace: &mut #workspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            #backward_input
        }

        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &#frozen,
            __input: &nn::Tile<#input, __BATCH>,
            __workspace: &'w mut #inference_workspace<__BATCH>,
        ) -> &'w nn::Tile<#output, __BATCH> {
            #infer
            #inferred
        }
    }
}
