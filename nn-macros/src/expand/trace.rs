//! The gradient of an output with respect to the input: the trace, and the implementation of `Differentiable`.

use proc_macro2::TokenStream;
use quote::quote;

use super::passes::{Mode, Pass};
use super::{Expansion, network, workspace};
use crate::plan::Trace;

/// The struct of the trace, and the implementation; nothing for a network whose input are indices.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    let Some(trace) = context.trace else { return Default::default() };
    (structure(context, trace), implementation(context, trace))
}

fn structure(context: &Expansion, Trace { graph, plan }: &Trace) -> TokenStream {
    let (name, network) = (&context.names.trace, &context.model.name);
    let docs = format!(
        " Everything that the gradient of an output of [`{network}`] with respect to its input takes, for tiles of `__BATCH` rows."
    );
    workspace::structure(context, name, &docs, graph, plan, None)
}

fn implementation(context: &Expansion, Trace { graph, plan }: &Trace) -> TokenStream {
    let (model, trace) = (context.model, &context.names.trace);
    let name = &model.name;
    let (input, output) = network::rows(context);
    let frozen = model.frozen_type(&context.names);
    let pass = |steps, extra: &[_]| {
        Pass { context, graph, plan, steps, mode: Mode::Evaluation }.statements(&quote!(#trace), extra)
    };
    let forward = pass(&plan.forward, &[]);
    let loss = pass(&plan.loss, &network::read(plan.grad_output));
    let backward = pass(&plan.backward_input, &[]);
    let grad_output = workspace::output_view(context, plan, plan.grad_output, true);
    let methods = workspace::methods(context, trace, " A trace to begin with.", &workspace::readers(context));
    quote! {
        #[automatically_derived]
        impl nn::Differentiable for #name {
            type Trace<const __BATCH: usize> = #trace<__BATCH>;
            type TraceFits = nn::Fits<{ nn::size_of::<#trace>() <= nn::PREDICT_BYTES }>;
            type GradientFits = nn::Fits<{ nn::size_of::<#input>() <= nn::STACK_BYTES }>;

            #[inline(always)]
            fn trace_with<I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: I,
                __frozen: &#frozen,
                __input: &nn::Tile<#input, __BATCH>,
                __workspace: &mut #trace<__BATCH>,
            ) {
                #forward
            }

            #[inline(always)]
            fn traced_output_then_grad<const __BATCH: usize>(
                __workspace: &mut #trace<__BATCH>,
            ) -> &mut nn::Tile<#output, __BATCH> {
                #loss
                #grad_output
            }

            #[inline(always)]
            fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
                &self,
                __isa: I,
                __frozen: &#frozen,
                __input: &mut nn::Tile<#input, __BATCH>,
                __workspace: &mut #trace<__BATCH>,
            ) {
                #backward
            }
        }

        #methods
    }
}
