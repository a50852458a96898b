//! What is written for a network with mistakes: enough that its uses are not mistakes too.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast;
use crate::model::{Element, Tensors};

/// A struct of the network's name with its methods, which are never run.
pub fn network(item: &ast::Network, tensors: Option<&Tensors>) -> TokenStream {
    let (name, visibility) = (&item.name, &item.visibility);
    let scalar = tensors.map_or(Element::F32, |tensors| tensors.scalar);
    let element = tensors.map_or(Element::F32, |tensors| tensors.element);
    let (inputs, outputs) = tensors.map_or((1, 1), |tensors| (tensors.input.len(), tensors.output.len()));
    quote! {
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #[allow(dead_code)]
        #visibility struct #name;

        #[allow(dead_code, unused_variables, clippy::all, clippy::pedantic)]
        impl #name {
            pub const ZERO: Self = Self;

            pub fn new<R: ?::core::marker::Sized>(rng: &mut R) -> Self {
                Self
            }

            pub fn init<R: ?::core::marker::Sized>(&mut self, rng: &mut R) {}

            pub fn predict(
                &self,
                input: &::nn_runtime::nalgebra::SVector<#element, #inputs>,
            ) -> ::nn_runtime::nalgebra::SVector<#scalar, #outputs> {
                loop {}
            }
        }
    }
}
