//! The structs of parameters: the network, the frozen parameters, and a struct for each stage and namespace.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Expansion, number};
use crate::model::naming::{as_frozen, inner};
use crate::model::spec::Parameter;
use crate::model::{Attributes, Kind, Operation};

/// A struct to be written, its fields in the order of the stages, or of a stage's parameters.
struct Struct<'m> {
    name: Ident,
    fields: Vec<Field<'m>>,
}

enum Field<'m> {
    Stage(Ident, usize),
    /// The frozen parameters of a network that is a stage.
    Frozen(Ident, usize),
    Parameter(Ident, &'m Parameter),
    Nested(Ident, Struct<'m>),
}

impl<'m> Struct<'m> {
    fn new(name: Ident) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// Adds what `field` makes of the last name of the path, inside of nested structs for the others.
    fn add(&mut self, path: &[Ident], field: impl FnOnce(Ident) -> Field<'m>) {
        match path {
            [] => {}
            [name] => self.fields.push(field(name.clone())),
            [outer, rest @ ..] => {
                let is_there = |field: &Field| matches!(field, Field::Nested(name, _) if name == outer);
                if !self.fields.last().is_some_and(is_there) {
                    let name = inner(&self.name, &outer.to_string());
                    self.fields.push(Field::Nested(outer.clone(), Self::new(name)));
                }
                if let Some(Field::Nested(_, nested)) = self.fields.last_mut() {
                    nested.add(rest, field);
                }
            }
        }
    }
}

pub fn expand(context: &Expansion) -> TokenStream {
    let model = context.model;
    let mut network = Struct::new(model.name.clone());
    let mut frozen = Struct::new(context.names.frozen.clone());
    for (index, operation) in model.graph.operations.iter().enumerate() {
        if operation.has_field {
            let owner = if operation.is_frozen { &mut frozen } else { &mut network };
            owner.add(&operation.path, |name| Field::Stage(name, index));
        }
        if operation.has_frozen_part() {
            frozen.add(&operation.frozen_path(), |name| Field::Frozen(name, index));
        }
    }
    let (attributes, docs) = (&model.attributes.network, super::table::docs(context));
    let network = write(context, &network, &quote!(#(#attributes)* #(#[doc = #docs])*));
    let frozen = model.has_frozen().then(|| {
        let docs = format!(
            " The frozen parameters of [`{}`], apart from those that are trained: they can stay in flash.",
            model.name
        );
        write(context, &frozen, &quote!(#[doc = #docs]))
    });
    quote!(#network #frozen)
}

/// A struct with its attributes, and those inside of it.
fn write(context: &Expansion, structure: &Struct, attributes: &TokenStream) -> TokenStream {
    let (runtime, cfg) = (context.runtime, context.model.cfg());
    let (visibility, name) = (&context.model.visibility, &structure.name);
    let (fields, inner) = fields(context, structure);
    let Attributes { items, parameters, defaults, .. } = &context.model.attributes;
    quote! {
        #cfg
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            #runtime::bytemuck::Pod,
            #runtime::bytemuck::Zeroable,
        )]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(C)]
        #[allow(clippy::struct_field_names)]
        #attributes
        #(#items)*
        #(#parameters)*
        #visibility struct #name { #(#fields),* }
        #(
            #cfg
            #defaults
            impl ::core::default::Default for #name
            where
                Self: for<'a> #runtime::__private::OnStack<'a, { #runtime::__private::fits_stack::<#name>() }>,
            {
                fn default() -> Self {
                    #runtime::__private::zeroed()
                }
            }
        )*
        #inner
    }
}

/// The fields of a struct, and the structs that they are of.
fn fields(context: &Expansion, structure: &Struct) -> (Vec<TokenStream>, TokenStream) {
    let mut inner = TokenStream::new();
    let fields = structure
        .fields
        .iter()
        .map(|field| match field {
            Field::Stage(field, index) => {
                let operation = &context.model.graph.operations[*index];
                let (kind, written) = stage(context, &structure.name, field, operation);
                inner.extend(written);
                let docs = &operation.docs;
                let row = super::table::stage_doc(context, operation);
                quote!(#(#docs)* #[doc = #row] pub #field: #kind)
            }
            Field::Frozen(field, index) => {
                let docs = format!(" The frozen parameters of `{field}`.");
                let kind = context.model.graph.operations[*index].alias(context).map(as_frozen);
                quote!(#[doc = #docs] pub #field: #kind)
            }
            Field::Parameter(field, parameter) => {
                let (docs, kind) = (doc(parameter), matrix(context, parameter));
                quote!(#[doc = #docs] pub #field: #kind)
            }
            Field::Nested(field, nested) => {
                let is_stage = matches!(nested.fields.first(), Some(Field::Parameter(..)));
                let inside = if is_stage { "parameters of" } else { "stages inside" };
                let docs = format!(" The {inside} `{field}`.");
                inner.extend(write(context, nested, &quote!(#[doc = #docs])));
                let kind = &nested.name;
                quote!(#[doc = #docs] pub #field: #kind)
            }
        })
        .collect();
    (fields, inner)
}

/// The type of a stage's field, and its struct.
fn stage(context: &Expansion, outer: &Ident, field: &Ident, operation: &Operation) -> (TokenStream, TokenStream) {
    let layer = match &operation.kind {
        Kind::Layer { layer, .. } => layer,
        Kind::Foreign(_) => {
            let alias = operation.alias(context);
            return (quote!(#alias), TokenStream::new());
        }
        Kind::Combine { .. } | Kind::Concat { .. } => return (quote!(()), TokenStream::new()),
    };
    let mut item = Struct::new(inner(outer, &field.to_string()));
    for parameter in &layer.parameters {
        let path: Vec<_> = parameter.name.split('.').map(|name| format_ident!("{name}")).collect();
        item.add(&path, |name| Field::Parameter(name, parameter));
    }
    let docs = format!(" The parameters of `{field}`.");
    let written = write(context, &item, &quote!(#[doc = #docs]));
    let name = item.name;
    (quote!(#name), written)
}

fn matrix(context: &Expansion, parameter: &Parameter) -> TokenStream {
    let (runtime, scalar) = (context.runtime, context.model.tensors.scalar.path());
    let rows = number(parameter.rows);
    if let Some(columns) = parameter.columns.map(number) {
        quote!(#runtime::nalgebra::SMatrix<#scalar, #rows, #columns>)
    } else {
        quote!(#runtime::nalgebra::SVector<#scalar, #rows>)
    }
}

fn doc(parameter: &Parameter) -> String {
    let kind = if parameter.is_state { "Running statistic" } else { "Parameter" };
    match parameter.columns {
        Some(columns) => format!(" {kind} `{}`, {} x {columns}.", parameter.name, parameter.rows),
        None => format!(" {kind} `{}`, {} values.", parameter.name, parameter.rows),
    }
}
