//! The rows of networks with several inputs or outputs: a struct with a field for each, generic over what the fields are, so that
//! it is the row, its tile, the losses and the targets.

mod outputs;
mod row;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Expansion, number};
use crate::model::Ports;
use crate::model::naming::camel_case;

/// The type of a row with so many values of each input or output.
pub fn row(ports: &Ports, lens: &[usize], name: &Ident) -> TokenStream {
    let arrays = ports.0.iter().zip(lens).map(|(port, len)| {
        let (element, len) = (port.element, number(*len));
        quote!([#element; #len])
    });
    if ports.single().is_some() { quote!(#(#arrays)*) } else { quote!(#name<#(#arrays),*>) }
}

/// The type of a tile of rows with so many values of each input or output, in a struct of the network.
pub fn tile(context: &Expansion, ports: &Ports, lens: &[usize], name: &Ident, batch: &TokenStream) -> TokenStream {
    let runtime = context.runtime;
    let matrices = ports.0.iter().zip(lens).map(|(port, len)| {
        let (element, len) = (port.element.path(), number(*len));
        quote!(#runtime::nalgebra::SMatrix<#element, #batch, #len>)
    });
    if ports.single().is_some() { quote!(#(#matrices)*) } else { quote!(#name<#(#matrices),*>) }
}

/// The structs, and what is implemented for them.
pub fn expand(context: &Expansion) -> (TokenStream, TokenStream) {
    let (model, names) = (context.model, &context.names);
    let (inputs, outputs) = (&model.tensors.inputs, &model.tensors.outputs);
    let network = &model.name;
    let input = inputs.single().is_none().then(|| {
        let docs = format!(" The inputs of [`{network}`], a field each.");
        (structure(context, inputs, &names.input, &docs), Fields::new(inputs, &names.input).row(inputs))
    });
    let output = outputs.single().is_none().then(|| {
        let docs = format!(
            " The outputs of [`{network}`], a field each; also what goes with them, such as a loss or a target for each output."
        );
        let fields = Fields::new(outputs, &names.output);
        let (row, with_them) = (fields.row(outputs), fields.outputs(outputs));
        (structure(context, outputs, &names.output, &docs), quote!(#row #with_them))
    });
    input.into_iter().chain(output).unzip()
}

fn structure(context: &Expansion, ports: &Ports, name: &Ident, docs: &str) -> TokenStream {
    let (runtime, model) = (context.runtime, context.model);
    let (visibility, cfg, items) = (&model.visibility, model.cfg(), &model.attributes.items);
    let Fields { names, types, .. } = Fields::new(ports, name);
    let defaults = ports.0.iter().map(|port| {
        let (element, len) = (port.element.path(), number(port.shape.len()));
        quote!([#element; #len])
    });
    let shapes = ports.0.iter().map(|port| format!(" Shape `{}`.", port.shape));
    quote! {
        #cfg
        #[doc = #docs]
        #(#items)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, #runtime::bytemuck::Zeroable)]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
        #visibility struct #name<#(#types = #defaults),*> {
            #(#[doc = #shapes] pub #names: #types),*
        }
    }
}

/// The fields of a struct, and a type parameter for each.
struct Fields<'p> {
    structure: &'p Ident,
    names: Vec<&'p Ident>,
    types: Vec<Ident>,
}

impl<'p> Fields<'p> {
    fn new(ports: &'p Ports, structure: &'p Ident) -> Self {
        let names: Vec<_> = ports.names().collect();
        let types = names.iter().map(|name| format_ident!("{}", camel_case(&name.to_string()))).collect();
        Self { structure, names, types }
    }
}
