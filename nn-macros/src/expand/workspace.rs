//! The workspaces: everything that a pass writes, and nothing else.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Expansion, number};
use crate::layers::{Argument, Cache};
use crate::model::{Kind, Operation};
use crate::plan::{self, Function, Place, Plan, Step};

/// The field of a slot.
pub fn slot(index: usize) -> Ident {
    format_ident!("slot{}", index, span = proc_macro2::Span::mixed_site())
}

/// The first columns of a place, by its name; what is not a slot is the network's input. `divisor` is what all sizes of the plan are
/// divided by.
pub fn view(plan: &Plan, divisor: usize, place: Place, columns: usize, is_written: bool) -> TokenStream {
    let Some(index) = place.slot() else { return quote!(input) };
    let (name, width) = (slot(index), number(columns));
    match (plan.slots[index] / divisor == columns, is_written) {
        (true, _) => quote!(#name),
        (false, true) => quote!(nn::columns_mut::<#width, _, _, _>(#name)),
        (false, false) => quote!(nn::columns::<#width, _, _, _>(#name)),
    }
}

/// The structs of both workspaces, and their methods.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    let model = context.model;
    let (name, names) = (&model.name, &context.names);
    let training = write(
        context,
        &names.workspace,
        &format!(
            " Everything that a training step of [`{name}`] writes besides the gradient, for tiles of `BATCH` rows."
        ),
        &context.training,
    );
    let inference = write(
        context,
        &names.inference_workspace,
        &format!(" Everything that [`{name}`] writes in evaluation mode, for tiles of `BATCH` rows."),
        &context.inference,
    );
    let methods = [&names.workspace, &names.inference_workspace].map(|name| {
        quote! {
            impl<const BATCH: usize> #name<BATCH> {
                ::nn_runtime::__workspace!();
            }
        }
    });
    (quote!(#training #inference), quote!(#(#methods)*))
}

fn write(context: &Expansion, name: &Ident, docs: &str, plan: &Plan) -> TokenStream {
    let (visibility, scalar) = (&context.model.visibility, context.model.tensors.scalar.path());
    let slots = plan.slots.iter().enumerate().map(|(index, columns)| {
        let (slot, columns) = (slot(index), number(*columns));
        quote!(#slot: ::nn_runtime::nalgebra::SMatrix<#scalar, BATCH, #columns>)
    });
    let caches = caches(context, plan).into_iter().map(|(name, kind)| quote!(#name: #kind));
    let cfg = context.model.cfg();
    quote! {
        #[doc = #docs]
        #cfg
        #[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
        #[bytemuck(crate = "::nn_runtime::bytemuck")]
        #[repr(C)]
        #visibility struct #name<const BATCH: ::core::primitive::usize = 1> { #(#slots,)* #(#caches),* }
    }
}

/// The caches of a plan's operations that are no slots, with their types.
fn caches(context: &Expansion, plan: &Plan) -> Vec<(Ident, TokenStream)> {
    let mut found: Vec<(Ident, TokenStream)> = Vec::new();
    for step in &plan.forward {
        let Step::Call(call) = step else { continue };
        let operation = &context.model.graph.operations[call.operation];
        let takes_cache = plan::arguments(operation, call.function)
            .unwrap_or_default()
            .iter()
            .any(|argument| matches!(argument, Argument::Cache));
        if let Some(kind) = cache_type(context, operation, call.function).filter(|_| takes_cache) {
            found.push((operation.memory(), kind));
        }
    }
    found
}

fn cache_type(context: &Expansion, operation: &Operation, function: Function) -> Option<TokenStream> {
    let scalar = context.model.tensors.scalar.path();
    match &operation.kind {
        Kind::Layer { layer, .. } => match layer.cache? {
            Cache::Lanes(_) => None,
            Cache::Bytes(columns) => Some({
                let columns = number(columns);
                quote!(::nn_runtime::nalgebra::SMatrix<::core::primitive::u8, BATCH, #columns>)
            }),
            Cache::Matrix(rows, columns) => Some({
                let (rows, columns) = (number(rows), number(columns));
                quote!(::nn_runtime::nalgebra::SMatrix<#scalar, #rows, #columns>)
            }),
        },
        Kind::Foreign { path, input, output } => {
            let (input, output) = (number(*input), number(*output));
            let layer = quote!(::nn_runtime::Layer<#input, #output, #scalar>);
            let kind = if function == Function::Infer { quote!(Scratch) } else { quote!(Cache) };
            Some(quote!(<#path as #layer>::#kind<BATCH>))
        }
        Kind::Sum | Kind::Concat { .. } => None,
    }
}

/// The bytes of a plan's workspace a row, apart from users' layers, and apart from what the whole batch shares.
pub fn bytes_per_row(context: &Expansion, plan: &Plan) -> usize {
    let slots = plan.slots.iter().sum::<usize>() * context.model.tensors.scalar.bytes();
    let caches: usize = plan
        .forward
        .iter()
        .map(|step| match step {
            Step::Call(call) if call.function == Function::Forward => {
                match &context.model.graph.operations[call.operation].kind {
                    Kind::Layer { layer, .. } => {
                        if let Some(Cache::Bytes(bytes)) = layer.cache {
                            bytes
                        } else {
                            0
                        }
                    }
                    _ => 0,
                }
            }
            _ => 0,
        })
        .sum();
    slots + caches
}
