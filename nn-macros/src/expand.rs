//! From the checked [`Model`] to tokens. Nothing here can fail, and no formula is written: only structure and calls.

mod foreign;
mod methods;
mod network;
mod parameters;
mod passes;
mod stream;
mod table;
mod weights;
mod workspace;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ast;
use crate::model::{Model, Operation};
use crate::plan::{self, Plan};

/// A const of the invocation, for the rest of the program.
pub fn constant(item: &ast::Const, value: usize) -> TokenStream {
    let ast::Const { attributes, visibility, name, .. } = item;
    quote!(#(#attributes)* #[allow(dead_code)] #visibility const #name: ::core::primitive::usize = #value;)
}

/// All that is written for a network.
pub fn network(runtime: &TokenStream, model: &Model) -> TokenStream {
    let names = Names::new(model);
    let has_input_gradient = model.has_input_gradient();
    let training = plan::training(&model.graph, has_input_gradient);
    let inference = plan::inference(&model.graph);
    let cfg = model.cfg();
    let aliases = foreign::Aliases::new(model);
    let context = Expansion { runtime, model, names, aliases, training, inference };
    let aliases = foreign::expand(&context);
    let structs = parameters::expand(&context);
    let (workspaces, workspace_methods) = workspace::expand(&context);
    let network = network::implementation(&context);
    let handed_over = network::handed_over(&context);
    let methods = methods::expand(&context);
    let (state, stream) = stream::expand(&context);
    let weights = weights::expand(&context);
    quote! {
        #[allow(unused_imports)]
        use #runtime::__private::derives::*;
        #aliases
        #structs
        #workspaces
        #state

        #cfg
        const _: () = {
            #[allow(unused_imports)]
            use #runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};

            #network
            #handed_over
            #methods
            #workspace_methods
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

/// A size as a literal without its type.
fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// Where a parameter stands in its stage, such as `out_proj.weight`.
fn parameter_path(name: &str) -> TokenStream {
    let path = name.split('.').map(|field| format_ident!("{field}"));
    quote!(#(#path).*)
}

/// A model and all that is derived from it before anything is written.
pub struct Expansion<'m> {
    /// The path of the crate `nn-runtime`.
    runtime: &'m TokenStream,
    model: &'m Model,
    names: Names,
    aliases: foreign::Aliases<'m>,
    training: Plan,
    inference: Plan,
}

/// The names of the generated types.
struct Names {
    frozen: Ident,
    workspace: Ident,
    inference_workspace: Ident,
    state: Ident,
}

impl Names {
    fn new(model: &Model) -> Self {
        let of = |suffix: &str| format_ident!("{}{}", model.name, suffix);
        Self {
            frozen: of("Frozen"),
            workspace: of("Workspace"),
            inference_workspace: of("InferenceWorkspace"),
            state: of("State"),
        }
    }
}

impl Model {
    /// Whether the backward pass can go on to the gradient of the input: not for indices, nor through frozen stages,
    /// which keep nothing.
    fn has_input_gradient(&self) -> bool {
        !self.tensors.element.is_index() && !self.has_frozen()
    }

    fn has_frozen(&self) -> bool {
        self.graph.operations.iter().any(|operation| operation.is_frozen)
    }

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

impl Operation {
    /// The field of what it remembers, in a workspace or in the state of a sequence.
    fn memory(&self) -> Ident {
        format_ident!("__memory_{}", self.flat_name())
    }

    /// The field of what it keeps for the user, in a workspace.
    fn kept(&self) -> Ident {
        format_ident!("__kept_{}", self.flat_name())
    }

    /// Its name where names cannot be nested.
    fn flat_name(&self) -> String {
        let path: Vec<_> = self.path.iter().map(Ident::to_string).collect();
        path.join("_")
    }
}
