//! The fields of a layer: each is a tensor.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{DeriveInput, GenericArgument, GenericParam, PathArguments, PathSegment, Type};

use super::attributes::Attributes;
use super::spelling;
use crate::diagnostic::{Diagnostic, Report};

/// A field, and what its type shows.
pub struct Field<'d> {
    index: usize,
    written: &'d syn::Field,
    attributes: Attributes,
    is_state: bool,
    /// The type of the values: `f32`, `f64`, or a type parameter. `None` if the type does not show that it is a tensor.
    scalar: Option<Ident>,
}

/// The fields, of which those that show it are of one type of values.
pub fn read<'d>(declared: &'d DeriveInput, fields: Vec<&'d syn::Field>, report: &mut Report) -> Vec<Field<'d>> {
    let parameters: Vec<_> = declared.generics.type_params().map(|parameter| &parameter.ident).collect();
    let read = |(index, written): (usize, &'d syn::Field)| {
        let (attributes, is_state) = Attributes::of_field(&written.attrs, report);
        Field { index, written, attributes, is_state, scalar: scalar_of(&written.ty, &parameters) }
    };
    let fields: Vec<_> = fields.into_iter().enumerate().map(read).collect();
    let name = &declared.ident;
    if let Some(field) = fields.iter().find(|field| field.scalar.is_none() && field.is_generic(declared)) {
        let (kind, field) = (&field.written.ty, field.name());
        let error = format!("`{field}` is of type `{}`, which is not known to be a tensor", spelling(kind));
        let help =
            format!("a generic `{name}` has a field that is written as `SMatrix<..>`, `SVector<..>` or an array");
        report.push(Diagnostic::across([kind.span(); 2], error).help(help));
    }
    let is_twice = |(at, field): &(usize, &Field)| {
        field.is_always() && fields[..*at].iter().any(|other| other.is_always() && other.name() == field.name())
    };
    if let Some((_, field)) = fields.iter().enumerate().find(is_twice) {
        let error = format!("`{name}` has two fields `{}`", field.name());
        report.push(Diagnostic::new(field.written.ident.span(), error).help("rename or remove one of them"));
    }
    let mut scalars = fields.iter().filter_map(|field| Some((field, field.scalar.as_ref()?)));
    if let Some((first, scalar)) = scalars.next()
        && let Some((field, other)) = scalars.find(|(_, other)| *other != scalar)
    {
        let (first, field) = (first.name(), field.name());
        let error = format!("`{field}` has values of `{other}`, but `{first}` of `{scalar}`");
        report.push(Diagnostic::new(other.span(), error).help("let all fields of a layer be of one type"));
    }
    fields
}

/// The type that the layer computes in; `None` if it has no fields.
pub fn scalar(runtime: &TokenStream, layer: &Ident, fields: &[Field]) -> Option<TokenStream> {
    let kind = fields.first()?.kind(layer);
    let written = fields.iter().find_map(|field| field.scalar.as_ref());
    Some(written.map_or_else(|| quote!(<#kind as #runtime::network::LayerField>::Scalar), Ident::to_token_stream))
}

/// The type of the values, if the type is written as a matrix, a vector, an array, an array of arrays, or a number.
fn scalar_of(kind: &Type, parameters: &[&Ident]) -> Option<Ident> {
    match ungrouped(kind) {
        Type::Array(array) => match ungrouped(&array.elem) {
            Type::Array(inner) => number(&inner.elem, parameters),
            _ => number(&array.elem, parameters),
        },
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            match arguments(last, &["SMatrix", "SVector"]).first() {
                Some(GenericArgument::Type(scalar)) => number(scalar, parameters),
                _ => number(kind, parameters),
            }
        }
        _ => None,
    }
}

fn number(kind: &Type, parameters: &[&Ident]) -> Option<Ident> {
    let Type::Path(path) = ungrouped(kind) else { return None };
    let name = path.path.get_ident()?;
    (name == "f32" || name == "f64" || parameters.contains(&name)).then(|| name.clone())
}

/// The arguments of a type, if it has one of the names.
fn arguments<'s>(segment: &'s PathSegment, names: &[&str]) -> Vec<&'s GenericArgument> {
    match &segment.arguments {
        PathArguments::AngleBracketed(list) if names.iter().any(|name| segment.ident == *name) => {
            list.args.iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The type inside of invisible brackets, which another macro puts around it.
fn ungrouped(kind: &Type) -> &Type {
    match kind {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        _ => kind,
    }
}

impl Field<'_> {
    fn name(&self) -> String {
        self.written.ident.as_ref().map(|name| name.unraw().to_string()).unwrap_or_default()
    }

    fn is_always(&self) -> bool {
        self.attributes.cfg.is_empty()
    }

    /// Whether its type has a parameter of the struct in it, so that no alias can be written for it.
    fn is_generic(&self, declared: &DeriveInput) -> bool {
        let names = declared.generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Lifetime(_) => None,
        });
        names.collect::<Vec<_>>().iter().any(|name| has_word(self.written.ty.to_token_stream(), name))
    }

    /// Its type: as it is written, or the alias.
    fn kind(&self, layer: &Ident) -> TokenStream {
        if self.scalar.is_some() {
            self.written.ty.to_token_stream()
        } else {
            self.alias_name(layer).into_token_stream()
        }
    }

    fn alias_name(&self, layer: &Ident) -> Ident {
        format_ident!("__{}_field{}", layer.unraw(), self.index)
    }

    /// The alias in which the compiler checks the type, if that does not show that it is a tensor.
    pub fn alias(
        &self,
        runtime: &TokenStream,
        layer: &Ident,
        fields: &[Field],
        cfg: &[TokenStream],
    ) -> Option<TokenStream> {
        if self.scalar.is_some() {
            return None;
        }
        let (alias, kind, name) = (self.alias_name(layer), &self.written.ty, self.name());
        let as_written = format_ident!("{alias}_as_written");
        let scalar = fields.iter().find_map(|field| field.scalar.as_ref());
        let scalars = if scalar.is_some_and(|scalar| scalar == "f64") { ["f64", "f32"] } else { ["f32", "f64"] };
        let [first, second] = scalars.map(|scalar| {
            let scalar = format_ident!("{scalar}");
            quote!(KnownField::<#as_written, #runtime::__private::#scalar>::IS_TENSOR)
        });
        // without another field that shows the type of values, both are right
        let first = if scalar.is_some() { first } else { quote!(#first || #second) };
        let (layer, written) = (layer.unraw().to_string(), spelling(kind));
        let described = quote! {
            Field {
                layer: #layer,
                name: #name,
                kind: #written,
                scalars: [#(#scalars),*],
                is_tensor: [#first, #second],
            }
        };
        // an error is reported where the call is
        let field = quote_spanned!(kind.span()=> field(#described));
        let conditions = [cfg, &self.attributes.cfg].concat();
        // documentation shows the type itself
        Some(quote! {
            #(#conditions)*
            #[allow(non_camel_case_types)]
            type #as_written = #kind;
            #(#conditions)*
            #[cfg(doc)]
            #[allow(non_camel_case_types)]
            type #alias = #as_written;
            #(#conditions)*
            #[cfg(not(doc))]
            #[allow(non_camel_case_types)]
            type #alias = <#runtime::__private::Checked<{
                #[allow(unused_imports)]
                use #runtime::__private::fits::{Field, KnownField, UnknownField as _, field};
                #field
            }> as #runtime::__private::Of<#as_written>>::Type;
        })
    }

    /// The field of the struct.
    pub fn written(&self, layer: &Ident) -> TokenStream {
        let (attributes, visibility, name) = (&self.attributes.kept, &self.written.vis, &self.written.ident);
        let kind = self.kind(layer);
        quote!(#(#attributes)* #visibility #name: #kind)
    }

    /// Its tensor.
    pub fn tensor(&self, runtime: &TokenStream, layer: &Ident, scalar: &TokenStream) -> TokenStream {
        let (cfg, name, kind) = (&self.attributes.cfg, self.name(), self.kind(layer));
        let shape = self.matrix().map_or_else(
            || quote!(<#kind as #runtime::network::LayerField>::SHAPE),
            |[rows, columns]| quote!(&[#rows, #columns]),
        );
        let state = self.is_state.then(|| quote!(.state()));
        quote!(#(#cfg)* #runtime::__private::field_tensor::<#kind, #scalar>(#name, #shape) #state)
    }

    /// The sizes of an `SMatrix`: with one column it is the same type as a vector.
    fn matrix(&self) -> Option<[&GenericArgument; 2]> {
        let Type::Path(path) = ungrouped(&self.written.ty) else { return None };
        match arguments(path.path.segments.last()?, &["SMatrix"])[..] {
            [_, rows, columns] => Some([rows, columns]),
            _ => None,
        }
    }
}

fn has_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Group(group) => has_word(group.stream(), word),
        token => token.to_string() == word,
    })
}
