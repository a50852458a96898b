//! The implementation of `Network`, and the network's own methods.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::passes::{self, Pass};
use super::{Expansion, table};
use crate::model::{Kind, Operation};
use crate::plan::{Place, Plan, Step};

pub fn expand(context: &Expansion) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let tensors = &model.tensors;
    let (name, scalar, element) = (&model.name, tensors.scalar, tensors.element);
    let (inputs, outputs) = (tensors.input.len(), tensors.output.len());
    let (input_shape, output_shape) = (table::sizes(&tensors.input), table::sizes(&tensors.output));
    let (workspace, inference) = (&names.workspace, &names.inference_workspace);
    let frozen_type = model.frozen_type(names);
    let (runs, layers) = (table::runs(context), table::layers(context));
    let index_bound = index_bound(context);
    let needs_whole_batch = needs_whole_batch(context);
    let has_input_gradient = model.has_input_gradient();
    let init = init(context);
    let passes = passes(context);
    quote! {
        #[automatically_derived]
        impl ::nn_runtime::Network<#inputs, #outputs> for #name {
            type Scalar = #scalar;
            type Input = #element;
            type Frozen = #frozen_type;
            type Workspace<const BATCH: ::core::primitive::usize> = #workspace<BATCH>;
            type InferenceWorkspace<const BATCH: ::core::primitive::usize> = #inference<BATCH>;

            const RUNS: &'static [::nn_runtime::network::Run] = #runs;
            const LAYERS: &'static [::nn_runtime::network::LayerInfo] = #layers;
            const INPUT_SHAPE: &'static [::core::primitive::usize] = #input_shape;
            const OUTPUT_SHAPE: &'static [::core::primitive::usize] = #output_shape;
            const INDEX_BOUND: ::core::option::Option<::core::primitive::usize> = #index_bound;
            const NEEDS_WHOLE_BATCH: ::core::primitive::bool = #needs_whole_batch;
            const HAS_INPUT_GRADIENT: ::core::primitive::bool = #has_input_gradient;

            #init
            #passes
        }
    }
}

fn index_bound(context: &Expansion) -> TokenStream {
    let bounds = context.model.graph.operations.iter().filter_map(|operation| match &operation.kind {
        Kind::Layer { layer, .. } => layer.index_bound,
        _ => None,
    });
    match bounds.min() {
        Some(bound) => quote!(::core::option::Option::Some(#bound)),
        None => quote!(::core::option::Option::None),
    }
}

fn needs_whole_batch(context: &Expansion) -> TokenStream {
    let needs = context.model.graph.operations.iter().filter(|operation| !operation.is_frozen).filter_map(|operation| match &operation.kind {
        Kind::Layer { layer, .. } => layer.needs_whole_batch.then(|| quote!(true)),
        Kind::Foreign { path, .. } => {
            let layer = operation.foreign(context.model).map(|(_, layer)| layer);
            Some(quote!(<#path as #layer>::NEEDS_WHOLE_BATCH))
        }
        Kind::Sum => None,
    });
    let needs: Vec<_> = needs.collect();
    if needs.is_empty() { quote!(false) } else { quote!(#(#needs)||*) }
}

/// `init` and `init_frozen`.
fn init(context: &Expansion) -> TokenStream {
    let model = context.model;
    let operations = |is_frozen| model.graph.operations.iter().filter(move |operation| operation.has_field && operation.is_frozen == is_frozen);
    let written = |operations: Vec<&Operation>, owner: TokenStream| -> Vec<TokenStream> {
        operations.iter().map(|operation| passes::init(context, operation, &owner)).collect()
    };
    let own = written(operations(false).collect(), quote!(self));
    let frozen = written(operations(true).collect(), quote!(frozen));
    let frozen_type = model.frozen_type(&context.names);
    let rng = |used: &[TokenStream]| if used.is_empty() { quote!(_rng) } else { quote!(rng) };
    let (own_rng, frozen_rng) = (rng(&own), rng(&frozen));
    let frozen_name = if frozen.is_empty() { quote!(_frozen) } else { quote!(frozen) };
    quote! {
        fn init<R: ::nn_runtime::rand_core::Rng + ?::core::marker::Sized>(&mut self, #own_rng: &mut R) {
            #(#own)*
        }

        fn init_frozen<R: ::nn_runtime::rand_core::Rng + ?::core::marker::Sized>(#frozen_name: &mut #frozen_type, #frozen_rng: &mut R) {
            #(#frozen)*
        }
    }
}

fn passes(context: &Expansion) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let (training, inference) = (&context.training, &context.inference);
    let tensors = &model.tensors;
    let (scalar, element) = (tensors.scalar, tensors.element);
    let (inputs, outputs) = (tensors.input.len(), tensors.output.len());
    let (workspace, inference_workspace) = (&names.workspace, &names.inference_workspace);
    let frozen_type = model.frozen_type(names);
    let matrix = quote!(::nn_runtime::nalgebra::SMatrix);
    let pass = |plan, steps, workspace: &Ident, extra: &[Place]| {
        Pass { context, plan, steps, divisor: 1, input: quote!(input) }.statements(workspace, extra)
    };
    let forward = pass(training, &training.forward, workspace, &[]);
    let loss = pass(training, &training.loss, workspace, &[training.grad_output]);
    let backward = pass(training, &training.backward, workspace, &[]);
    let backward_input = pass(training, &training.backward_input, workspace, &[]);
    let infer = pass(inference, &inference.forward, inference_workspace, &[inference.output]);
    let (grad_output, output) = (place(training, training.grad_output, outputs, true), place(inference, inference.output, outputs, false));
    let loss_isa = training.loss.iter().any(|step| matches!(step, Step::Add { .. }));
    debug_assert!(!loss_isa);
    quote! {
        #[allow(unused_variables)]
        fn forward_with<I: ::nn_runtime::kernels::Isa, const BATCH: ::core::primitive::usize>(
            &self,
            isa: I,
            frozen: &#frozen_type,
            input: &#matrix<#element, BATCH, #inputs>,
            workspace: &mut #workspace<BATCH>,
            pass: ::nn_runtime::Pass,
        ) {
            #forward
        }

        fn output_then_grad<const BATCH: ::core::primitive::usize>(workspace: &mut #workspace<BATCH>) -> &mut #matrix<#scalar, BATCH, #outputs> {
            #loss
            #grad_output
        }

        #[allow(unused_variables)]
        fn backward_with<I: ::nn_runtime::kernels::Isa, const BATCH: ::core::primitive::usize>(
            &self,
            isa: I,
            frozen: &#frozen_type,
            input: &#matrix<#element, BATCH, #inputs>,
            workspace: &mut #workspace<BATCH>,
            gradient: &mut Self,
            pass: ::nn_runtime::Pass,
        ) {
            #backward
        }

        #[allow(unused_variables)]
        fn backward_input_with<I: ::nn_runtime::kernels::Isa, const BATCH: ::core::primitive::usize>(
            &self,
            isa: I,
            frozen: &#frozen_type,
            input: &mut #matrix<#element, BATCH, #inputs>,
            workspace: &mut #workspace<BATCH>,
            pass: ::nn_runtime::Pass,
        ) {
            #backward_input
        }

        #[allow(unused_variables)]
        fn infer_with<'w, I: ::nn_runtime::kernels::Isa, const BATCH: ::core::primitive::usize>(
            &self,
            isa: I,
            frozen: &#frozen_type,
            input: &#matrix<#element, BATCH, #inputs>,
            workspace: &'w mut #inference_workspace<BATCH>,
        ) -> &'w #matrix<#scalar, BATCH, #outputs> {
            #infer
            #output
        }
    }
}

/// The first columns of a slot, as a function's result.
pub fn place(plan: &Plan, place: Place, columns: usize, is_mutable: bool) -> TokenStream {
    let Place::Slot(index) = place else { return TokenStream::new() };
    let slot = super::workspace::slot(index);
    match (plan.slots[index] == columns, is_mutable) {
        (true, _) => quote!(#slot),
        (false, true) => quote!(::nn_runtime::__private::columns_mut::<#columns, _, _, _>(#slot)),
        (false, false) => quote!(::nn_runtime::__private::columns::<#columns, _, _, _>(#slot)),
    }
}

/// The methods that a user calls.
pub fn inherent(context: &Expansion) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let tensors = &model.tensors;
    let (name, frozen) = (&model.name, &names.frozen);
    let written = Ident::new("Network", Span::mixed_site());
    let (inputs, outputs) = (tensors.input.len(), tensors.output.len());
    let network = quote!(<Self as ::nn_runtime::#written<#inputs, #outputs>>);
    let (training, inference) = (&names.workspace, &names.inference_workspace);
    let text = name.to_string();
    let predict = predict(context, &network);
    let zero = quote! {
        /// All parameters 0.
        pub const ZERO: Self = ::nn_runtime::bytemuck::zeroed();

        /// New parameters, drawn as PyTorch does by default. For a large network use `boxed`, or `init` in place.
        pub fn new<R: ::nn_runtime::rand_core::Rng + ?::core::marker::Sized>(rng: &mut R) -> Self {
            let mut new = Self::ZERO;
            new.init(rng);
            new
        }

        ::nn_runtime::__boxed!();
    };
    let frozen_methods = model.has_frozen().then(|| {
        quote! {
            impl #frozen {
                #zero

                /// Draws new parameters in place, as PyTorch does by default.
                pub fn init<R: ::nn_runtime::rand_core::Rng + ?::core::marker::Sized>(&mut self, rng: &mut R) {
                    <#name as ::nn_runtime::Network<#inputs, #outputs>>::init_frozen(self, rng);
                }
            }
        }
    });
    quote! {
        impl #name {
            #zero

            /// Draws new parameters in place, as PyTorch does by default.
            pub fn init<R: ::nn_runtime::rand_core::Rng + ?::core::marker::Sized>(&mut self, rng: &mut R) {
                #network::init(self, rng);
            }

            /// The table of layers, to be printed.
            #[must_use]
            pub const fn summary() -> ::nn_runtime::network::Summary {
                ::nn_runtime::network::Summary {
                    name: #text,
                    input: #network::INPUT_SHAPE,
                    layers: #network::LAYERS,
                    parameter_bytes: ::core::mem::size_of::<Self>(),
                    inference_bytes: #inference::<1>::BYTES,
                    training_bytes: #training::<1>::BYTES,
                }
            }

            #predict
        }

        #frozen_methods
    }
}

fn predict(context: &Expansion, network: &TokenStream) -> TokenStream {
    let (model, names) = (context.model, &context.names);
    let tensors = &model.tensors;
    let (scalar, element, inference) = (tensors.scalar, tensors.element, &names.inference_workspace);
    let (inputs, outputs) = (tensors.input.len(), tensors.output.len());
    let vector = quote!(::nn_runtime::nalgebra::SVector);
    let (frozen, frozen_value) = if model.has_frozen() {
        let frozen = &names.frozen;
        (Some(quote!(frozen: &#frozen,)), quote!(frozen))
    } else {
        (None, quote!(&()))
    };
    let (result, function, errors) = if element.is_index() {
        let docs = "\n\n# Errors\nIf an index is not below the number of embeddings.";
        (quote!(::core::result::Result<#vector<#scalar, #outputs>, ::nn_runtime::network::IndexError>), quote!(try_predict), docs)
    } else {
        (quote!(#vector<#scalar, #outputs>), quote!(predict), "")
    };
    let predict_docs = format!("The output for one sample, in evaluation mode.{errors}");
    let predict_in_docs = format!("The output for one sample, in evaluation mode, computed in a workspace of the caller's.{errors}");
    let must_use = (!element.is_index()).then(|| quote!(#[must_use]));
    let small = super::workspace::bytes_per_row(context, &context.inference) <= STACK_BYTES;
    let predict = small.then(|| {
        quote! {
            #[doc = #predict_docs]
            #must_use
            pub fn predict(&self, #frozen input: &#vector<#element, #inputs>) -> #result {
                ::nn_runtime::__private::#function::<Self, #inputs, #outputs>(self, #frozen_value, input, &mut #inference::ZERO)
            }
        }
    });
    let _ = network;
    quote! {
        #predict

        #[doc = #predict_in_docs]
        #must_use
        pub fn predict_in(&self, #frozen input: &#vector<#element, #inputs>, workspace: &mut #inference) -> #result {
            ::nn_runtime::__private::#function::<Self, #inputs, #outputs>(self, #frozen_value, input, workspace)
        }
    }
}

/// The largest inference workspace that `predict` puts on the stack; a larger network has `predict_in` alone.
const STACK_BYTES: usize = 64 * 1024;
