//! The streaming form of a sequence network: one step at a time, what is remembered in a state.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::passes::{Mode, Pass};
use super::{Expansion, block, methods, number, rows, workspace};
use crate::model::Kind;
use crate::model::spec::Step;
use crate::plan::{Frames, Obstacle, Past, Plan, Stream};

/// The state, and the implementation of `Streaming` with `step`, which for a network that cannot stream says why; nothing
/// for a network that is not on a sequence.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    match context.stream {
        None => Default::default(),
        Some(Ok(stream)) => {
            let (state, workspace) = (
                state(context, &stream.frames, &stream.plan),
                block::structure(context, &stream.frames, &stream.block),
            );
            (quote!(#state #workspace), implementation(context, stream))
        }
        Some(Err(obstacle)) => obstructed(context, obstacle),
    }
}

/// The struct of what each layer remembers, and of the slots of a step.
fn state(context: &Expansion, frames: &Frames, plan: &Plan) -> TokenStream {
    let (runtime, model) = (context.runtime, context.model);
    let state = state_struct(context, frames);
    let scalar = model.tensors.scalar.path();
    let states = frames.graph.operations.iter().filter_map(|operation| match &operation.kind {
        Kind::Foreign(_) => {
            let (name, (alias, frame, output)) = (operation.memory(), operation.steps(context)?);
            Some(quote!(#name: <#alias as #runtime::__private::StageStep<#frame, #output>>::State))
        }
        Kind::Layer { layer, .. } => match layer.calls.step {
            Step::Call { memory: Some(memory), .. } => {
                let (name, len) = (operation.memory(), number(memory.state));
                Some(quote!(#name: #runtime::nalgebra::SVector<#scalar, #len>))
            }
            _ => None,
        },
        _ => None,
    });
    let slots = plan.slots.iter().enumerate().map(|(index, columns)| {
        let (slot, columns) = (workspace::slot(index), number(*columns));
        quote!(#slot: #runtime::nalgebra::SMatrix<#scalar, 1, #columns>)
    });
    let caches = workspace::memories(context, &frames.graph, plan, &quote!(1));
    let caches = caches.into_iter().map(|(name, kind)| quote!(#name: #kind));
    let kept = workspace::kept_values(context, &frames.graph, &quote!(1));
    let docs = format!(" What [`{}`] remembers between two steps of a sequence.", model.name);
    let reads = reads(context, frames);
    let visibility = &model.visibility;
    let (cfg, items) = (model.cfg(), &model.attributes.items);
    let derives = super::derives_of_memory(context);
    let possible = possible_state(context, frames);
    quote! {
        #cfg
        #[doc = #docs]
        ///
        #(#[doc = #reads])*
        ///
        /// No output waits for a later step: the delay and the lookahead are 0 steps.
        #(#items)*
        #derives
        #visibility struct #state { #(#states,)* #(#caches,)* #(#kept,)* #(#slots),* }
        #possible
    }
}

/// What each output reads of the sequence, a line each.
fn reads(context: &Expansion, frames: &Frames) -> Vec<String> {
    let name = |row: usize| format!("`{}`", context.model.rows[row].name);
    let words = |Past { steps, stages }: &Past| {
        let steps = match steps {
            None => return "all steps so far".to_owned(),
            Some(0) => "the present step alone".to_owned(),
            Some(1) => "the present step and the one before it: its receptive field is 2 steps".to_owned(),
            Some(past) => {
                format!("the present step and the {past} before it: its receptive field is {} steps", past + 1)
            }
        };
        let stages: Vec<_> = stages.iter().map(|row| name(*row)).collect();
        if stages.is_empty() { steps } else { format!("{steps}, besides what {} remembers", stages.join(", ")) }
    };
    let outputs = &context.model.tensors.outputs;
    match frames.past.as_slice() {
        [past] if outputs.single().is_some() => vec![format!(" An output reads {}.", words(past))],
        pasts => {
            let named = outputs.names().zip(pasts);
            named.map(|(output, past)| format!(" - `{output}` reads {}.", words(past))).collect()
        }
    }
}

/// The name of the state's struct: hidden, if the compiler has to find out first whether all stages work step by step.
fn state_struct<'c>(context: &'c Expansion, frames: &Frames) -> &'c Ident {
    let is_certain = frames.graph.operations.iter().all(|operation| operation.frame().is_none());
    if is_certain { &context.names.state } else { &context.names.possible_state }
}

/// Where types from elsewhere are in a step: their aliases, and the state's name, which is an error if one of them has no step.
fn possible_state(context: &Expansion, frames: &Frames) -> Option<TokenStream> {
    let operations = || frames.graph.operations.iter().filter(|operation| operation.frame().is_some());
    operations().next()?;
    let (runtime, model, cfg) = (context.runtime, context.model, context.model.cfg());
    let (visibility, name, written) = (&model.visibility, &context.names.state, model.name.to_string());
    let state = &context.names.possible_state;
    let (aliases, stages) = (
        operations().filter_map(|operation| operation.steps_alias(context)),
        operations().filter_map(|operation| operation.step_stage(context)),
    );
    // an error is reported where the call is
    let all_step = quote_spanned!(model.name.span()=> all_step(#written, &[#(#stages),*]));
    Some(quote! {
        #(#aliases)*

        #cfg
        #[cfg(doc)]
        #visibility type #name = #state;
        #cfg
        #[cfg(not(doc))]
        #[allow(dead_code)]
        #visibility type #name = <#runtime::__private::Checked<{
            #[allow(unused_imports)]
            use #runtime::__private::steps::{StepStage, all_step};
            #all_step
        }> as #runtime::__private::Of<#state>>::Type;
    })
}

fn implementation(context: &Expansion, Stream { frames, plan, block }: &Stream) -> TokenStream {
    let (runtime, model) = (context.runtime, context.model);
    let (name, state, tensors) = (&model.name, state_struct(context, frames), &model.tensors);
    let frame = rows::row(&tensors.inputs, &frames.inputs(), &context.names.input);
    let made = rows::row(&tensors.outputs, &frames.outputs(), &context.names.output);
    let pass = Pass { context, graph: &frames.graph, plan, steps: &plan.forward, mode: Mode::Step };
    let statements = pass.statements(&quote!(#state), plan.output.as_slice());
    let copy = plan.output.map(|output| {
        let output = workspace::view(context, plan, output, frames.outputs()[0], false);
        quote!(<#made as nn::Row>::copy_tile::<1>(#output, __output);)
    });
    let frozen_type = model.frozen_type(&context.names);
    let docs = match (frames.ended.iter().all(|ended| *ended), frames.ended.contains(&true)) {
        (true, _) => " The output for the sequence so far, with the given frame as its next step.",
        (false, false) => " The output for the next step of a sequence.",
        (false, true) => {
            " The outputs for the next step of a sequence; those behind `last` are for the sequence so far."
        }
    };
    let kinds: Vec<_> =
        frames.graph.operations.iter().filter_map(|operation| Some(operation.steps(context)?.0)).collect();
    let can_step =
        (!kinds.is_empty()).then(|| quote!(const CAN_STEP: bool = #(nn::steps::can_step(<#kinds>::KIND))&&*;));
    let zero = methods::zero(context, state, " The state before the first step.", "::boxed()");
    let debug = super::debug_of_memory(state, &context.names.state, false);
    let step = methods::step(context, docs, state, frames);
    let values = workspace::read_values(context, &frames.graph, false);
    let (items, block) = (block::items(context, frames, block, [&frame, &made]), block::methods(context, frames));
    quote! {
        #[automatically_derived]
        impl nn::Streaming for #name {
            type Frame = #frame;
            type FrameOutput = #made;
            type State = #state;
            type StepFits = nn::Fits<{ nn::size_of::<#made>() <= nn::STACK_BYTES }>;

            #can_step

            #[inline(always)]
            fn step_with<I: nn::Isa>(
                &self,
                __isa: I,
                __frozen: &#frozen_type,
                __input: &nn::Tile<#frame, 1>,
                __workspace: &mut #state,
                __output: &mut nn::Tile<#made, 1>,
            ) {
                #statements
                #copy
            }

            #items
        }

        #debug

        impl #state {
            #zero
            #runtime::__boxed_zero!();

            /// Forgets everything, in place, as before the first step.
            pub fn reset(&mut self) {
                nn::write_zeroes(self);
            }

            #values
        }

        #step

        #block
    }
}

/// For a network that cannot work step by step: a `step` that takes the network's state, whose type is an error that says why,
/// wherever it is used.
fn obstructed(context: &Expansion, obstacle: &Obstacle) -> (TokenStream, TokenStream) {
    let (runtime, model) = (context.runtime, context.model);
    let (name, state, block_workspace) = (&model.name, &context.names.state, &context.names.block_workspace);
    let (visibility, cfg) = (&model.visibility, model.cfg());
    let Obstacle { stage, reason } = obstacle;
    let message =
        format!("`{name}` cannot work step by step: its {stage} {reason}\nhelp: `predict` takes the whole sequence");
    // an error is reported where the call is
    let refuse = quote_spanned!(name.span()=> refuse(#message));
    let structs = [(state, None), (block_workspace, Some(quote!(<const __BATCH: ::core::primitive::usize = 1>)))];
    let structs = structs.iter().map(|(name, batch)| {
        quote! {
            #[doc(hidden)]
            #cfg
            #[allow(dead_code)]
            #visibility type #name #batch = <#runtime::__private::Checked<{
                use #runtime::__private::fits::refuse;
                #refuse
            }> as #runtime::__private::Of<()>>::Type;
        }
    });
    (quote!(#(#structs)*), methods::cannot_step(context))
}
