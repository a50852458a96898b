//! The streaming form of a sequence network: one step at a time, what is remembered in a state.

use proc_macro2::TokenStream;
use quote::quote;

use super::passes::Pass;
use super::{Expansion, number, workspace};
use crate::layers::Step as Steps;
use crate::model::{Kind, Model, Operation};
use crate::plan::{self, Plan};

/// The state, and the implementation of `Streaming` with `step`; nothing for a network that cannot stream.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    let Some(steps) = steps(context.model) else { return Default::default() };
    let plan = plan::stream(&context.model.graph);
    (state(context, &plan, steps), implementation(context, &plan, steps))
}

/// The steps of the sequence that the network works on, if it can do so one by one.
fn steps(model: &Model) -> Option<usize> {
    let [steps, _] = *model.tensors.input.sizes() else { return None };
    let keeps_steps = model.rows.iter().all(|row| matches!(*row.output.sizes(), [first, _] if first == steps));
    let can_step = |operation: &Operation| match &operation.kind {
        Kind::Layer { layer, .. } => !matches!(layer.calls.step, Steps::Never),
        Kind::Foreign { .. } => false,
        Kind::Sum | Kind::Concat { .. } => true,
    };
    (keeps_steps && model.graph.operations.iter().all(can_step)).then_some(steps)
}

/// The struct of what each layer remembers, and of the slots of a step.
fn state(context: &Expansion, plan: &Plan, steps: usize) -> TokenStream {
    let (model, state, scalar) = (context.model, &context.names.state, context.model.tensors.scalar.path());
    let states = model.graph.operations.iter().filter_map(|operation| match &operation.kind {
        Kind::Layer { layer, .. } => match layer.calls.step {
            Steps::Call(len, _) => {
                let (name, len) = (operation.memory(), number(len));
                Some(quote!(#name: ::nn_runtime::nalgebra::SVector<#scalar, #len>))
            }
            _ => None,
        },
        _ => None,
    });
    let slots = plan.slots.iter().enumerate().map(|(index, columns)| {
        let (slot, columns) = (workspace::slot(index), number(columns / steps));
        quote!(#slot: ::nn_runtime::nalgebra::SMatrix<#scalar, 1, #columns>)
    });
    let docs = format!(" What [`{}`] remembers between two steps of a sequence.", model.name);
    let visibility = &model.visibility;
    let cfg = model.cfg();
    quote! {
        #[doc = #docs]
        #cfg
        #[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
        #[bytemuck(crate = "::nn_runtime::bytemuck")]
        #[repr(C)]
        #visibility struct #state { #(#states,)* #(#slots),* }
    }
}

fn implementation(context: &Expansion, plan: &Plan, steps: usize) -> TokenStream {
    let model = context.model;
    let (name, state, scalar) = (&model.name, &context.names.state, model.tensors.scalar);
    let columns = model.tensors.output.len() / steps;
    let (inputs, outputs) = (number(model.tensors.input.len() / steps), number(columns));
    let pass = Pass { context, plan, steps: &plan.forward, divisor: steps };
    let statements = pass.statements(&quote!(#state), &[plan.output]);
    let output = workspace::view(plan, steps, plan.output, columns, false);
    let frozen_type = model.frozen_type(&context.names);
    let (frozen, value) = model.frozen_argument(&context.names);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl nn::Streaming<#inputs, #outputs> for #name {
            type Scalar = #scalar;
            type Frozen = #frozen_type;
            type State = #state;

            fn step_with<I: nn::Isa>(
                &self,
                isa: I,
                frozen: &#frozen_type,
                input: &nn::SMatrix<#scalar, 1, #inputs>,
                workspace: &mut #state,
            ) -> nn::SMatrix<#scalar, 1, #outputs> {
                #statements
                *#output
            }
        }

        impl #name {
            /// The output for the next step of a sequence.
            pub fn step(&self, #frozen state: &mut #state, frame: &nn::SVector<#scalar, #inputs>) -> nn::SVector<#scalar, #outputs> {
                nn::step::<Self, #inputs, #outputs>(self, #value, state, frame)
            }
        }

        impl #state {
            /// The state before the first step.
            pub const ZERO: Self = nn::zeroed();

            /// Forgets everything, as before the first step.
            pub fn reset(&mut self) {
                *self = Self::ZERO;
            }
        }
    }
}
