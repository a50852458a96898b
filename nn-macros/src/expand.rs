//! From the checked [`Model`] to tokens. Nothing here can fail, and no formula is written: only structure and calls.

mod network;
mod parameters;
mod passes;
mod stream;
mod table;
mod workspace;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ast;
use crate::model::{Kind, Model, Operation};
use crate::plan::{self, Plan};

/// A const of the invocation, for the rest of the program.
pub fn constant(item: &ast::Const, value: usize) -> TokenStream {
    let ast::Const { attributes, visibility, name, .. } = item;
    quote!(#(#attributes)* #[allow(dead_code)] #visibility const #name: ::core::primitive::usize = #value;)
}

/// All that is written for a network.
pub fn network(model: &Model) -> TokenStream {
    let names = Names::new(model);
    let has_input_gradient = model.has_input_gradient();
    let training = plan::training(&model.graph, has_input_gradient);
    let inference = plan::inference(&model.graph);
    let context = Expansion { model, names, training, inference };
    let parameters = parameters::expand(&context);
    let workspaces = workspace::expand(&context);
    let network = network::expand(&context);
    let inherent = network::inherent(&context);
    let stream = stream::expand(&context);
    quote! {
        #parameters
        #workspaces
        #network
        #inherent
        #stream
    }
}

/// A model and all that is derived from it before anything is written.
pub struct Expansion<'m> {
    model: &'m Model,
    names: Names,
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
        Self { frozen: of("Frozen"), workspace: of("Workspace"), inference_workspace: of("InferenceWorkspace"), state: of("State") }
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

    /// The type of the frozen parameters.
    fn frozen_type(&self, names: &Names) -> TokenStream {
        let frozen = &names.frozen;
        if self.has_frozen() { quote!(#frozen) } else { quote!(()) }
    }
}

impl Operation {
    /// Its name where names cannot be nested.
    fn flat_name(&self) -> Ident {
        let path: Vec<_> = self.path.iter().map(Ident::to_string).collect();
        format_ident!("{}", path.join("_"))
    }

    /// The layer trait of a type, with its sizes, such as `Layer<32, 16, f32>`.
    fn foreign(&self, model: &Model) -> Option<(TokenStream, TokenStream)> {
        let Kind::Foreign { path, input, output } = &self.kind else { return None };
        let scalar = model.tensors.scalar;
        Some((quote!(#path), quote!(::nn_runtime::Layer<#input, #output, #scalar>)))
    }
}
