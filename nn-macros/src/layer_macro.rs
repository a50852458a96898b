//! `layer!`: the struct of a user's own layer becomes plain data that knows its tensors.
//!
//! A field whose type shows that it is a tensor stays as it is written. Any other gets an alias, in which the compiler checks the
//! type: see `network::fits::field` in `nn-runtime`.

mod attributes;
mod fields;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Fields, GenericParam, Generics, Token, Visibility, WherePredicate,
    parse_quote,
};

use self::attributes::Attributes;
use self::fields::Field;
use crate::diagnostic::{Diagnostic, Report};
use crate::fallback;

/// What an invocation expands to: its structs, and an error for each mistake.
pub fn expand_all(runtime: &TokenStream, input: TokenStream) -> TokenStream {
    if input.is_empty() {
        let error = Diagnostic::new(Span::call_site(), "this `layer!` is empty");
        return Report::from(error.help("declare a struct: `pub struct Scale { pub factor: SVector<f32, 8> }`"))
            .tokens();
    }
    let mut output = quote! {
        #[allow(unused_imports)]
        use #runtime::__private::derives::*;
    };
    let read = |input: ParseStream| {
        let mut names = Vec::new();
        while !input.is_empty() {
            output.extend(item(runtime, &mut names, input));
        }
        Ok(())
    };
    match read.parse2(input) {
        Ok(()) => output,
        Err(error) => Report::from(Diagnostic::from(error)).tokens(),
    }
}

/// The next item. After a mistake in the grammar, what is left of the tokens is part of the mistake.
fn item(runtime: &TokenStream, names: &mut Vec<Ident>, input: ParseStream) -> TokenStream {
    let ahead = input.fork();
    let is_read = ahead.call(Attribute::parse_outer).is_ok() && ahead.parse::<Visibility>().is_ok();
    if !is_read || !(ahead.peek(Token![struct]) || ahead.peek(Token![enum]) || ahead.peek(Token![union])) {
        return another_item(&ahead, input);
    }
    // what is read ahead and not understood does not count as left over
    let ahead = input.fork();
    match ahead.parse::<DeriveInput>() {
        Ok(declared) => {
            input.advance_to(&ahead);
            if names.contains(&declared.ident) {
                return declared_twice(&declared.ident);
            }
            if !declared.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
                names.push(declared.ident.clone());
            }
            structure(runtime, &declared).unwrap_or_else(|mistakes| {
                fallback::layer(&declared.attrs, &declared.vis, &declared.ident, &declared.generics, &mistakes)
            })
        }
        Err(error) => unreadable(&error, input),
    }
}

/// The second struct of a name is left out.
fn declared_twice(name: &Ident) -> TokenStream {
    let error = Diagnostic::new(name.span(), format!("`{name}` is declared twice in this `layer!`"));
    Report::from(error.help("rename or remove one of them")).tokens()
}

/// Anything but a struct. It stays, so that its absence is not a second mistake.
fn another_item(ahead: ParseStream, input: ParseStream) -> TokenStream {
    let found = ahead.cursor().token_tree().map_or_else(|| "the end".to_owned(), |(token, _)| format!("`{token}`"));
    let error = Diagnostic::new(ahead.span(), format!("`layer!` takes structs, but this is {found}"));
    let rest = rest(input);
    let error = Report::from(error.help("write it behind `layer! { .. }`")).tokens();
    quote!(#error #rest)
}

/// A struct with a mistake in the grammar, which is Rust's, so its message is the parser's.
fn unreadable(error: &syn::Error, input: ParseStream) -> TokenStream {
    let help = "write it like any struct of Rust with named fields: `pub struct Scale { pub factor: SVector<f32, 8> }`";
    let mistakes = Report::from(Diagnostic::new(error.span(), error.to_string()).help(help));
    let name = rest(input).into_iter().skip_while(|token| token.to_string() != "struct").nth(1);
    match name {
        Some(TokenTree::Ident(name)) => {
            fallback::layer(&[], &parse_quote!(pub(crate)), &name, &Generics::default(), &mistakes)
        }
        _ => mistakes.tokens(),
    }
}

fn rest(input: ParseStream) -> TokenStream {
    input.step(|cursor| Ok((cursor.token_stream(), syn::buffer::Cursor::empty()))).unwrap_or_default()
}

/// A struct as plain data, with the names and shapes of its tensors, unless it has mistakes.
fn structure(runtime: &TokenStream, declared: &DeriveInput) -> Result<TokenStream, Report> {
    let mut report = Report::default();
    let data = match &declared.data {
        Data::Struct(data) => data,
        Data::Enum(data) => return Err(no_struct(data.enum_token.span, "an enum", &declared.ident)),
        Data::Union(data) => return Err(no_struct(data.union_token.span, "a union", &declared.ident)),
    };
    let fields = named_fields(data, &declared.ident, &mut report);
    let attributes = Attributes::of_struct(&declared.attrs, &mut report);
    check_generics(declared, fields.len(), &mut report);
    let fields = fields::read(declared, fields, &mut report);
    if !report.is_empty() {
        return Err(report);
    }
    Ok(write(runtime, declared, data, &attributes, &fields))
}

fn write(
    runtime: &TokenStream,
    declared: &DeriveInput,
    data: &DataStruct,
    Attributes { cfg, kept }: &Attributes,
    fields: &[Field],
) -> TokenStream {
    let (DeriveInput { vis, ident, .. }, keyword) = (declared, &data.struct_token);
    let generics = bounded(runtime, declared.generics.clone());
    // `Pod` cannot look for gaps in a generic struct, and there are none around a single field
    let repr = if generics.params.is_empty() { quote!(C) } else { quote!(transparent) };
    let bounds = &generics.where_clause;
    let aliases = fields.iter().filter_map(|field| field.alias(runtime, ident, fields, cfg));
    let written = fields.iter().map(|field| field.written(ident));
    let body = if data.semi_token.is_some() { quote!(#bounds;) } else { quote!(#bounds { #(#written),* }) };
    let parameters = parameters(runtime, ident, &generics, fields);
    quote! {
        #(#aliases)*

        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            #runtime::bytemuck::Pod,
            #runtime::bytemuck::Zeroable,
        )]
        #[bytemuck(crate = "__bytemuck")]
        #[repr(#repr)]
        #(#kept)*
        #vis #keyword #ident #generics #body

        #(#cfg)*
        #[automatically_derived]
        #parameters
    }
}

/// Generic parameters of which each type is a scalar. All bounds stand in one place, where `bytemuck` adds its own.
fn bounded(runtime: &TokenStream, mut generics: Generics) -> Generics {
    let mut bounds: Vec<WherePredicate> = Vec::new();
    for parameter in generics.type_params_mut() {
        let (name, written) = (&parameter.ident, std::mem::take(&mut parameter.bounds));
        bounds.push(parse_quote!(#name: #runtime::scalar::Scalar + #written));
        parameter.colon_token = None;
    }
    if !bounds.is_empty() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    generics
}

/// The implementation that lists the tensors.
fn parameters(runtime: &TokenStream, name: &Ident, generics: &Generics, fields: &[Field]) -> TokenStream {
    let (constraints, arguments, bounds) = generics.split_for_impl();
    let place = name.span().resolved_at(Span::call_site());
    let Some(scalar) = fields::scalar(runtime, name, fields) else {
        return quote_spanned! {place=>
            impl #constraints #runtime::network::NoParameters for #name #arguments #bounds {}
        };
    };
    let tensors = fields.iter().map(|field| field.tensor(runtime, name, &scalar));
    quote_spanned! {place=>
        impl #constraints #runtime::network::LayerParameters<#scalar> for #name #arguments #bounds {
            const TENSORS: &'static [#runtime::network::Tensor] = &[#(#tensors),*];
        }
    }
}

fn no_struct(span: Span, kind: &str, name: &Ident) -> Report {
    let error = format!("`{name}` is {kind}, but a layer is a struct, whose fields are its tensors");
    Diagnostic::new(span, error).help(format!("write `struct {name} {{ .. }}`, or `struct {name};`")).into()
}

/// The fields, if they have names.
fn named_fields<'d>(data: &'d DataStruct, name: &Ident, report: &mut Report) -> Vec<&'d syn::Field> {
    match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(fields) => {
            let error = format!("the fields of `{name}` have no names, which its tensors are called by");
            let first =
                fields.unnamed.first().map_or_else(|| "SVector<f32, 8>".to_owned(), |field| spelling(&field.ty));
            let help = format!("name them: `struct {name} {{ weight: {first} }}`");
            report.push(Diagnostic::new(fields.span(), error).help(help));
            Vec::new()
        }
    }
}

/// Generic parameters without lifetimes, of one field at most.
fn check_generics(declared: &DeriveInput, fields: usize, report: &mut Report) {
    let name = &declared.ident;
    for parameter in &declared.generics.params {
        if let GenericParam::Lifetime(lifetime) = parameter {
            let error = format!("`{name}` borrows, but a layer owns its parameters");
            let help = "remove the lifetime, and let the fields be matrices, vectors, arrays or numbers";
            report.push(Diagnostic::new(lifetime.span(), error).help(help));
            return;
        }
    }
    if let Some(first) = declared.generics.params.first().filter(|_| fields > 1) {
        let error = format!("`{name}` has generic parameters and {fields} fields");
        let note = "generic plain data has one field, as gaps between several cannot be looked for";
        let help = "write the sizes as numbers, join the fields to one matrix, or declare a layer for each field";
        report.push(Diagnostic::new(first.span(), error).note(note).help(help));
    }
}

/// A type as a message shows it.
fn spelling(kind: &syn::Type) -> String {
    let text = kind.to_token_stream().to_string();
    [(" :: ", "::"), (" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), (" ;", ";"), ("& ", "&")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
