//! From the checked [`Model`] to tokens. Nothing here can fail, and no formula is written: only structure and calls.

mod block;
mod foreign;
mod methods;
mod network;
mod parameters;
mod passes;
mod rows;
mod stream;
mod table;
mod trace;
mod weights;
mod workspace;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ast;
use crate::check::Checked;
use crate::model::naming::Names;
use crate::model::{Model, Pretrained};
use crate::plan::{Obstacle, Plan, Stream, Trace};

/// A const of the invocation, for the rest of the program.
pub fn constant(item: &ast::Const, value: usize) -> TokenStream {
    let ast::Const { attributes, visibility, name, .. } = item;
    quote!(#(#attributes)* #[allow(dead_code)] #visibility const #name: ::core::primitive::usize = #value;)
}

/// All that is written for a network.
pub fn network(runtime: &TokenStream, checked: &Checked) -> TokenStream {
    let Checked { model, plans, pretrained, bodies } = checked;
    let bodies = bodies.iter().map(|body| network(runtime, body));
    let names = Names::new(&model.name);
    let cfg = model.cfg();
    let aliases = foreign::Aliases::new(model, &names);
    let (training, inference) = (&plans.training, &plans.inference);
    let (trace, stream) = (plans.trace.as_ref(), plans.stream.as_ref());
    let context = Expansion { runtime, model, names, aliases, training, inference, trace, stream, pretrained };
    let aliases = foreign::expand(&context);
    let structs = parameters::expand(&context);
    let (row_structs, rows) = rows::expand(&context);
    let (workspaces, workspace_methods) = workspace::expand(&context);
    let network = network::implementation(&context);
    let handed_over = network::handed_over(&context);
    let methods = methods::expand(&context);
    let (trace, differentiable) = trace::expand(&context);
    let (state, stream) = stream::expand(&context);
    let weights = weights::expand(&context);
    quote! {
        #(#bodies)*

        #[allow(unused_imports)]
        use #runtime::__private::derives::*;
        #aliases
        #structs
        #row_structs
        #workspaces
        #trace
        #state

        #cfg
        const _: () = {
            #[allow(unused_imports)]
            use #runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};

            #network
            #rows
            #handed_over
            #methods
            #workspace_methods
            #differentiable
            #stream
        };

        #weights
    }
}

/// What a struct of memory derives.
fn derives_of_memory(context: &Expansion) -> TokenStream {
    let runtime = context.runtime;
    quote! {
        #[derive(::core::clone::Clone, #runtime::bytemuck::Zeroable)]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
    }
}

/// The `Debug` of a struct of memory, under the name that users know: its size alone, as its values may be megabytes, and those of a
/// stage from elsewhere have none.
fn debug_of_memory(name: &Ident, known: &Ident, has_batch: bool) -> TokenStream {
    let known = known.to_string();
    let batch = has_batch.then(|| [quote!(<const __BATCH: usize>), quote!(<__BATCH>)]);
    let [parameters, arguments] = batch.unwrap_or_default();
    quote! {
        #[automatically_derived]
        impl #parameters nn::fmt::Debug for #name #arguments {
            fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
                nn::debug_of_memory(self, #known, __formatter)
            }
        }
    }
}

/// A size as a literal without its type.
fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// Where a parameter stands in its stage, such as `out_proj.weight`.
fn parameter_path(name: &str) -> TokenStream {
    let path = name.split('.').map(|field| format_ident!("{field}"));
    quote!(#(#path).*)
}

/// A checked model with its plans, and all that is derived from them before anything is written.
pub struct Expansion<'m> {
    /// The path of the crate `nn-runtime`.
    runtime: &'m TokenStream,
    model: &'m Model,
    names: Names,
    aliases: foreign::Aliases<'m>,
    training: &'m Plan,
    inference: &'m Plan,
    trace: Option<&'m Trace>,
    stream: Option<&'m Result<Stream, Obstacle>>,
    pretrained: &'m [Pretrained],
}

impl Model {
    /// The conditions under which the network is compiled.
    fn cfg(&self) -> TokenStream {
        let cfg = &self.attributes.cfg;
        quote!(#(#cfg)*)
    }

    /// The type of the frozen parameters.
    fn frozen_type(&self, names: &Names) -> TokenStream {
        let frozen = &names.frozen;
        if self.has_frozen() { quote!(#frozen) } else { quote!(()) }
    }
}
