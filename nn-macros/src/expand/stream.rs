//! The streaming form of a sequence network: one step at a time, what is remembered in a state.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::passes::Pass;
use super::{Expansion, network, workspace};
use crate::layers::Step as Steps;
use crate::model::{Kind, Model, Operation};
use crate::plan::{self, Function, Place};

/// The state, the `Streaming` implementation and `step`; nothing for a network that cannot stream.
pub fn expand(context: &Expansion) -> TokenStream {
    let model = context.model;
    let Some(steps) = steps(model) else { return TokenStream::new() };
    let tensors = &model.tensors;
    let (name, state, scalar) = (&model.name, &context.names.state, tensors.scalar);
    let (inputs, outputs) = (tensors.input.len() / steps, tensors.output.len() / steps);
    let plan = plan::stream(&model.graph);
    let pass = Pass { context, plan: &plan, steps: &plan.forward, divisor: steps, input: quote!(input) };
    let statements = pass.statements(&format_ident!("Self"), &[plan.output]);
    let statements = quote!(#statements);
    let output = match plan.output {
        Place::Slot(index) if plan.slots[index] == tensors.output.len() => {
            let slot = workspace::slot(index);
            quote!(*#slot)
        }
        other => {
            let view = network::place(&plan, other, outputs, false);
            quote!(*#view)
        }
    };
    let frozen_type = model.frozen_type(&context.names);
    let fields = fields(context, &plan, steps);
    let matrix = quote!(::nn_runtime::nalgebra::SMatrix);
    let docs = format!("What [`{name}`] remembers between two steps of a sequence.");
    let visibility = &model.visibility;
    let step = step(context, inputs, outputs);
    quote! {
        #[doc = #docs]
        #[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
        #[bytemuck(crate = "::nn_runtime::bytemuck")]
        #[repr(C)]
        #visibility struct #state { #fields }

        impl #state {
            /// The state before the first step.
            pub const ZERO: Self = ::nn_runtime::bytemuck::zeroed();

            /// Forgets everything, as before the first step.
            pub fn reset(&mut self) {
                *self = Self::ZERO;
            }
        }

        #[automatically_derived]
        impl ::nn_runtime::network::Streaming<#inputs, #outputs> for #name {
            type Scalar = #scalar;
            type Frozen = #frozen_type;
            type State = #state;

            #[allow(unused_variables)]
            fn step_with<I: ::nn_runtime::kernels::Isa>(
                &self,
                isa: I,
                frozen: &#frozen_type,
                input: &#matrix<#scalar, 1, #inputs>,
                workspace: &mut #state,
            ) -> #matrix<#scalar, 1, #outputs> {
                #statements
                #output
            }
        }

        impl #name { #step }
    }
}

/// The steps of the sequence that the network works on, if it can do so one by one.
fn steps(model: &Model) -> Option<usize> {
    let [steps, _] = *model.tensors.input.sizes() else { return None };
    let keeps_steps = model.rows.iter().all(|row| matches!(*row.output.sizes(), [first, _] if first == steps));
    let can_step = |operation: &Operation| match &operation.kind {
        Kind::Layer { layer, .. } => !matches!(layer.calls.step, Steps::Never),
        Kind::Foreign { .. } => false,
        Kind::Sum => true,
    };
    let is_float = !model.tensors.element.is_index();
    (is_float && keeps_steps && model.graph.operations.iter().all(can_step)).then_some(steps)
}

/// The fields of the state: what each layer remembers, and the slots of a step.
fn fields(context: &Expansion, plan: &plan::Plan, steps: usize) -> TokenStream {
    let scalar = context.model.tensors.scalar;
    let states = context.model.graph.operations.iter().filter_map(|operation| match &operation.kind {
        Kind::Layer { layer, .. } => match layer.calls.step {
            Steps::Call(len, _) => {
                let name = operation.flat_name();
                Some(quote!(#name: ::nn_runtime::nalgebra::SVector<#scalar, #len>))
            }
            _ => None,
        },
        _ => None,
    });
    let slots = plan.slots.iter().enumerate().map(|(index, columns)| {
        let (slot, columns) = (workspace::slot(index), columns / steps);
        quote!(#slot: ::nn_runtime::nalgebra::SMatrix<#scalar, 1, #columns>)
    });
    quote!(#(#states,)* #(#slots),*)
}

fn step(context: &Expansion, inputs: usize, outputs: usize) -> TokenStream {
    let (model, scalar, state) = (context.model, context.model.tensors.scalar, &context.names.state);
    let vector = quote!(::nn_runtime::nalgebra::SVector);
    let frozen_name = &context.names.frozen;
    let (frozen, value) = if model.has_frozen() { (Some(quote!(frozen: &#frozen_name,)), quote!(frozen)) } else { (None, quote!(&())) };
    let _ = Function::Step;
    quote! {
        /// The output for the next step of a sequence.
        pub fn step(&self, #frozen state: &mut #state, frame: &#vector<#scalar, #inputs>) -> #vector<#scalar, #outputs> {
            ::nn_runtime::__private::step::<Self, #inputs, #outputs>(self, #value, state, frame)
        }
    }
}
