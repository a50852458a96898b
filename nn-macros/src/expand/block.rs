//! A block of steps of a sequence network at once: the lanes of its tiles are the steps.

use proc_macro2::TokenStream;
use quote::quote;

use super::passes::{Mode, Pass};
use super::{Expansion, network, rows, workspace};
use crate::model::KeptValue;
use crate::plan::{Frames, Plan};

/// The struct of the workspace.
pub fn structure(context: &Expansion, frames: &Frames, plan: &Plan) -> TokenStream {
    let (name, network) = (&context.names.block_workspace, &context.model.name);
    let docs = format!(
        " Everything that [`step_block_in`]({network}::step_block_in) of [`{network}`] writes besides the state, for blocks of \
         `__BATCH` steps."
    );
    let inputs = &context.model.tensors.inputs;
    let input = rows::tile(context, inputs, &frames.inputs(), &context.names.input, &quote!(__BATCH));
    workspace::structure(context, name, &docs, &frames.graph, plan, Some(input))
}

/// The items of `Streaming` on a block of steps.
pub fn items(context: &Expansion, frames: &Frames, plan: &Plan, [frame, made]: [&TokenStream; 2]) -> TokenStream {
    let (model, name) = (context.model, &context.names.block_workspace);
    let frozen = model.frozen_type(&context.names);
    let pass = Pass { context, graph: &frames.graph, plan, steps: &plan.forward, mode: Mode::StepBlock };
    let statements = pass.statements(&quote!(#name), &network::read(plan.output));
    // what a step leaves for the user in the state
    let kept =
        frames.graph.kept.iter().map(KeptValue::field).map(|field| quote!(nn::copy_last(#field, &mut __state.#field);));
    let output = match plan.output {
        Some(place) => workspace::view(context, plan, place, frames.outputs()[0], false),
        None => workspace::output_view(context, plan, None, false),
    };
    quote! {
        type BlockWorkspace<const __BATCH: usize> = #name<__BATCH>;

        #[inline(always)]
        fn frames_mut<const __BATCH: usize>(__workspace: &mut #name<__BATCH>) -> &mut nn::Tile<#frame, __BATCH> {
            &mut __workspace.__input
        }

        #[inline(always)]
        fn step_block_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &#frozen,
            __state: &mut Self::State,
            __workspace: &'w mut #name<__BATCH>,
        ) -> &'w nn::Tile<#made, __BATCH> {
            #statements
            #(#kept)*
            #output
        }
    }
}

/// The methods of the workspace.
pub fn methods(context: &Expansion, frames: &Frames) -> TokenStream {
    let readers = workspace::read_values(context, &frames.graph, true);
    workspace::methods(context, &context.names.block_workspace, " A workspace to begin with.", &readers)
}
