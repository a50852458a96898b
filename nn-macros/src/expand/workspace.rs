//! The workspaces: everything that a pass writes, and nothing else.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};

use super::{Expansion, number, rows};
use crate::model::spec::{Argument, Cache, Kept};
use crate::model::{Graph, KeptValue, Kind, Operation, Outputs, Ports};
use crate::plan::{self, Function, Place, Plan, Step};

/// The field of a slot.
pub fn slot(index: usize) -> Ident {
    format_ident!("__slot{}", index, span = proc_macro2::Span::mixed_site())
}

/// The field of several outputs, and of their gradients.
pub fn output() -> Ident {
    format_ident!("__output")
}

/// The inputs: a parameter of a pass, or a field of the workspace of a block of steps.
pub fn input() -> Ident {
    format_ident!("__input")
}

/// The first columns of a place, by its name.
pub fn view(context: &Expansion, plan: &Plan, place: Place, columns: usize, is_written: bool) -> TokenStream {
    let tensors = &context.model.tensors;
    let part = |owner: Ident, ports: &Ports, number: usize| match &ports.0[number].name {
        None => quote!(#owner),
        Some(name) if is_written => quote!(&mut #owner.#name),
        Some(name) => quote!(&#owner.#name),
    };
    let index = match place {
        Place::Input(number) => return part(input(), &tensors.inputs, number),
        Place::Output(number) => return part(output(), &tensors.outputs, number),
        Place::Kept(number) => return context.model.graph.kept[number].field().into_token_stream(),
        Place::Slot(index) => index,
    };
    let (name, width) = (slot(index), number(columns));
    match (plan.slots[index] == columns, is_written) {
        (true, _) => quote!(#name),
        (false, true) => quote!(nn::columns_mut::<#width, _, _, _>(#name)),
        (false, false) => quote!(nn::columns::<#width, _, _, _>(#name)),
    }
}

/// The output after a pass, or its gradient: the only one, or all of them.
pub fn output_view(context: &Expansion, plan: &Plan, place: Option<Place>, is_written: bool) -> TokenStream {
    let Some(place) = place else { return output().into_token_stream() };
    view(context, plan, place, context.model.tensors.outputs.value_count(), is_written)
}

/// The structs of both workspaces, and the methods that read what is kept for the user.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    let model = context.model;
    let (name, names) = (&model.name, &context.names);
    let training = structure(
        context,
        &names.workspace,
        &format!(
            " Everything that a training step of [`{name}`] writes besides the gradient, for tiles of `__BATCH` rows."
        ),
        &model.graph,
        context.training,
        None,
    );
    let inference = structure(
        context,
        &names.inference_workspace,
        &format!(" Everything that [`{name}`] writes in evaluation mode, for tiles of `__BATCH` rows."),
        &model.graph,
        context.inference,
        None,
    );
    let readers = readers(context);
    let methods = [&names.workspace, &names.inference_workspace]
        .map(|name| methods(context, name, " A workspace to begin with.", &readers));
    (quote!(#training #inference), quote!(#(#methods)*))
}

/// The methods that read what is kept for the user.
pub fn readers(context: &Expansion) -> TokenStream {
    let graph = &context.model.graph;
    let values = read_values(context, graph, true);
    let weights: TokenStream = graph.operations.iter().filter_map(|operation| read_kept(context, operation)).collect();
    quote!(#values #weights)
}

/// The constants, methods and `Debug` of the memory of a pass.
pub fn methods(context: &Expansion, name: &Ident, docs: &str, readers: &TokenStream) -> TokenStream {
    let (runtime, zero) = (context.runtime, super::methods::zero(context, name, docs, "::boxed()"));
    let debug = super::debug_of_memory(name, name, true);
    quote! {
        #debug

        impl<const __BATCH: usize> #name<__BATCH> {
            /// Its size in bytes.
            pub const BYTES: usize = nn::size_of::<Self>();
            #zero
            #runtime::__boxed_zero!();
            #readers
        }
    }
}

/// The struct of a pass's memory; with `input`, it also holds the tile of inputs.
pub fn structure(
    context: &Expansion,
    name: &Ident,
    docs: &str,
    graph: &Graph,
    plan: &Plan,
    input: Option<TokenStream>,
) -> TokenStream {
    let (runtime, visibility, scalar) =
        (context.runtime, &context.model.visibility, context.model.tensors.scalar.path());
    let slots = plan.slots.iter().enumerate().map(|(index, columns)| {
        let (slot, columns) = (slot(index), number(*columns));
        quote!(#slot: #runtime::nalgebra::SMatrix<#scalar, __BATCH, #columns>)
    });
    let caches = memories(context, graph, plan, &quote!(__BATCH));
    let caches = caches.into_iter().map(|(name, kind)| quote!(#name: #kind));
    let outputs = has_outputs(graph).then(|| {
        let lens: Vec<_> = graph.outputs.values().iter().map(|output| graph.values[*output]).collect();
        let (outputs, name) = (&context.model.tensors.outputs, &context.names.output);
        let (field, kind) = (output(), rows::tile(context, outputs, &lens, name, &quote!(__BATCH)));
        quote!(#field: #kind,)
    });
    let input = input.map(|kind| {
        let field = self::input();
        quote!(#field: #kind,)
    });
    let kept = kept_values(context, graph, &quote!(__BATCH));
    let (cfg, items) = (context.model.cfg(), &context.model.attributes.items);
    let derives = super::derives_of_memory(context);
    quote! {
        #cfg
        #[doc = #docs]
        #(#items)*
        #derives
        #visibility struct #name<const __BATCH: ::core::primitive::usize = 1> { #(#slots,)* #input #outputs #(#kept,)* #(#caches),* }
    }
}

/// The fields of the values that are kept for the user.
pub fn kept_values(context: &Expansion, graph: &Graph, batch: &TokenStream) -> Vec<TokenStream> {
    let (runtime, scalar) = (context.runtime, context.model.tensors.scalar.path());
    let field = |kept: &KeptValue| {
        let (name, columns) = (kept.field(), number(graph.values[kept.value]));
        quote!(#name: #runtime::nalgebra::SMatrix<#scalar, #batch, #columns>)
    };
    graph.kept.iter().map(field).collect()
}

/// The methods that read the values that are kept for the user: of a row of a tile, or of the only one.
pub fn read_values(context: &Expansion, graph: &Graph, has_rows: bool) -> TokenStream {
    let scalar = context.model.tensors.scalar;
    let read = |kept: &KeptValue| {
        let (method, field, columns) = (kept.reader(), kept.field(), number(graph.values[kept.value]));
        let path: Vec<_> = kept.path.iter().map(Ident::to_string).collect();
        let path = path.join(".");
        if has_rows {
            let docs = format!(
                " What `{path}` made of one row of the tile in the last forward pass; `None` if there is no such row."
            );
            quote! {
                #[doc = #docs]
                #[must_use]
                pub fn #method(&self, __row: usize) -> nn::Option<nn::SVector<#scalar, #columns>> {
                    nn::row_of(&self.#field, __row)
                }
            }
        } else {
            let docs = format!(" What `{path}` made in the last step.");
            quote! {
                #[doc = #docs]
                #[must_use]
                pub fn #method(&self) -> nn::SVector<#scalar, #columns> {
                    self.#field.transpose()
                }
            }
        }
    };
    graph.kept.iter().map(read).collect()
}

/// Whether there are several outputs, which have a field of their own.
const fn has_outputs(graph: &Graph) -> bool {
    matches!(graph.outputs, Outputs::Named(_))
}

/// What a plan's operations have in fields of their own, with its types for tiles of `batch` rows.
pub fn memories(context: &Expansion, graph: &Graph, plan: &Plan, batch: &TokenStream) -> Vec<(Ident, TokenStream)> {
    [caches(context, graph, plan, batch), kept(context, graph, plan, batch)].concat()
}

/// The caches of a plan's operations that are no slots.
fn caches(context: &Expansion, graph: &Graph, plan: &Plan, batch: &TokenStream) -> Vec<(Ident, TokenStream)> {
    let mut found: Vec<(Ident, TokenStream)> = Vec::new();
    for (operation, function) in called(graph, plan) {
        if let Some((alias, frame, output)) = operation.steps(context).filter(|_| function == Function::StepBlock) {
            let runtime = context.runtime;
            let kind = quote!(<#alias as #runtime::__private::StageStep<#frame, #output>>::BlockWorkspace<#batch>);
            found.push((operation.block_workspace(), kind));
            continue;
        }
        let takes_cache = plan::arguments(operation, function)
            .unwrap_or_default()
            .iter()
            .any(|argument| matches!(argument, Argument::Cache));
        if let Some(kind) = cache_type(context, operation, function, batch).filter(|_| takes_cache) {
            found.push((operation.memory(), kind));
        }
    }
    found
}

fn cache_type(
    context: &Expansion,
    operation: &Operation,
    function: Function,
    batch: &TokenStream,
) -> Option<TokenStream> {
    let (runtime, scalar) = (context.runtime, context.model.tensors.scalar.path());
    match &operation.kind {
        Kind::Layer { layer, .. } => match layer.cache? {
            Cache::Lanes(_) => None,
            Cache::Bytes(columns) => Some({
                let columns = number(columns);
                quote!(#runtime::nalgebra::SMatrix<::core::primitive::u8, #batch, #columns>)
            }),
            Cache::Matrix(rows, columns) => Some({
                let (rows, columns) = (number(rows), number(columns));
                quote!(#runtime::nalgebra::SMatrix<#scalar, #rows, #columns>)
            }),
        },
        Kind::Foreign(_) => {
            let (alias, input, output) = operation.stage(context)?;
            let (kind, memory) = match function {
                Function::Infer => (quote!(Stage), quote!(Scratch)),
                Function::Trace => (quote!(StageGradient), quote!(Trace)),
                _ => (quote!(Stage), quote!(Cache)),
            };
            Some(quote!(<#alias as #runtime::__private::#kind<#input, #output>>::#memory<#batch>))
        }
        Kind::Combine { .. } | Kind::Concat { .. } => None,
    }
}

/// What a plan's operations keep for the user.
fn kept(context: &Expansion, graph: &Graph, plan: &Plan, batch: &TokenStream) -> Vec<(Ident, TokenStream)> {
    let (runtime, scalar) = (context.runtime, context.model.tensors.scalar.path());
    let matrix = |kept: &Kept| {
        let columns = number(kept.len());
        quote!(#runtime::nalgebra::SMatrix<#scalar, #batch, #columns>)
    };
    let operations = called(graph, plan).filter_map(|(operation, _)| Some((operation, operation.layer_kept()?)));
    operations.map(|(operation, kept)| (operation.kept(), matrix(kept))).collect()
}

/// The method that reads what an operation keeps for the user.
fn read_kept(context: &Expansion, operation: &Operation) -> Option<TokenStream> {
    let (Kind::Layer { keyword, .. }, kept) = (&operation.kind, operation.layer_kept()?) else { return None };
    let (method, field) = (operation.reader(), operation.kept());
    let (keyword, scalar) = (format_ident!("{keyword}"), context.model.tensors.scalar);
    let [queries, keys] = kept.steps.map(number);
    let path: Vec<_> = operation.path.iter().map(Ident::to_string).collect();
    let docs = format!(
        " The attention weights of `{}`, as the last forward pass left them, for one row of the tile and one of the {} heads: a row \
         for each query, which sums to 1, and a column for each key. `None` if there is no such row or head.",
        path.join("."),
        kept.heads,
    );
    Some(quote! {
        #[doc = #docs]
        #[must_use]
        pub fn #method(&self, __row: usize, __head: usize) -> nn::Option<nn::SMatrix<#scalar, #queries, #keys>> {
            nn::#keyword::weights(&self.#field, __row, __head)
        }
    })
}

/// The operations that a plan's forward pass calls, and their functions.
fn called<'c>(graph: &'c Graph, plan: &'c Plan) -> impl Iterator<Item = (&'c Operation, Function)> {
    plan.forward.iter().filter_map(|step| match step {
        Step::Call(call) => Some((&graph.operations[call.operation], call.function)),
        _ => None,
    })
}

/// The bytes of a plan's workspace a row, apart from users' layers, and apart from what the whole batch shares.
pub fn bytes_per_row(context: &Expansion, plan: &Plan) -> usize {
    let graph = &context.model.graph;
    let outputs = if has_outputs(graph) { context.model.tensors.outputs.value_count() } else { 0 };
    let values: usize = graph.kept.iter().map(|kept| graph.values[kept.value]).sum();
    let slots = plan.slots.iter().sum::<usize>() + outputs + values;
    let kept: usize = called(graph, plan).filter_map(|(operation, _)| operation.layer_kept()).map(Kept::len).sum();
    let caches: usize = called(graph, plan)
        .map(|(operation, function)| match &operation.kind {
            Kind::Layer { layer, .. } if function == Function::Forward => match layer.cache {
                Some(Cache::Bytes(bytes)) => bytes,
                _ => 0,
            },
            _ => 0,
        })
        .sum();
    (slots + kept) * context.model.tensors.scalar.bytes() + caches
}
