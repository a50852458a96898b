//! What is written for an item with mistakes: enough that its uses are not mistakes too.
//!
//! The compiler says nothing of a type that depends on a const with an error, whatever is done with it. So the mistakes
//! stand in such a const: `pub type Net = NetWithMistakes<{ compile_error! { .. } }>;`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Visibility};

use crate::ast::{Layer, Stage};
use crate::check::camel_case;
use crate::diagnostic::Report;

/// What is left of an item with mistakes.
pub struct Remains {
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub kind: Kind,
    /// Its own mistakes; none if it only uses an earlier item that has some.
    pub mistakes: Report,
}

pub enum Kind {
    Const,
    /// A network, and the other types that would be written for it.
    Network(Vec<Ident>),
}

/// The mistakes of an item, in a type or a const of its name. `cause` uses the mistaken item that it depends on.
pub fn network(item: &Remains, cause: Option<&TokenStream>) -> TokenStream {
    let Remains { visibility, name, mistakes, .. } = item;
    let is_kept = |attribute: &&Attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("doc");
    let mut attributes: Vec<_> = item.attributes.iter().filter(is_kept).cloned().collect();
    attributes.push(syn::parse_quote!(#[allow(non_camel_case_types)])); // the name may be the mistake
    let mistakes = mistakes.tokens();
    let value = if mistakes.is_empty() { quote!({ #cause }) } else { quote!({ #mistakes }) };
    match &item.kind {
        Kind::Const => quote!(#(#attributes)* #visibility const #name: ::core::primitive::usize = #value;),
        Kind::Network(types) => {
            let holder = format_ident!("{name}WithMistakes");
            let types = types.iter().map(|kind| {
                let batch = kind
                    .to_string()
                    .ends_with("Workspace")
                    .then(|| quote!(<const BATCH: ::core::primitive::usize = 1>));
                quote!(#(#attributes)* #visibility type #kind #batch = #name;)
            });
            quote! {
                #(#attributes)* #visibility struct #holder<const MISTAKES: ::core::primitive::usize>;
                #(#attributes)* #visibility type #name = #holder<#value>;
                #(#types)*
            }
        }
    }
}

/// The types that would be written for a network besides its own, as far as its mistakes let us know.
pub fn types(network: &Ident, is_sequence: bool, stages: &[Stage]) -> Vec<Ident> {
    let mut found = vec![format_ident!("{network}Workspace"), format_ident!("{network}InferenceWorkspace")];
    let frozen = format_ident!("{network}Frozen");
    if stages.iter().any(has_frozen) {
        found.push(frozen.clone());
    }
    if is_sequence {
        found.push(format_ident!("{network}State"));
    }
    stage_types(network, &frozen, stages, &mut found);
    found
}

fn is_frozen(stage: &Stage) -> bool {
    stage.attributes.iter().any(|attribute| attribute.path().is_ident("frozen"))
}

fn has_frozen(stage: &Stage) -> bool {
    is_frozen(stage) || stage.layer.inner().iter().any(|stages| stages.iter().any(has_frozen))
}

fn stage_types(outer: &Ident, frozen: &Ident, stages: &[Stage], found: &mut Vec<Ident>) {
    for stage in stages {
        let owner = if is_frozen(stage) { frozen } else { outer };
        let named =
            |owner: &Ident| stage.name.as_ref().map(|name| format_ident!("{owner}{}", camel_case(&name.to_string())));
        if let Layer::Keyword(_) = stage.layer {
            found.extend(named(owner));
        }
        let (outer, frozen) =
            (named(owner).unwrap_or_else(|| owner.clone()), named(frozen).unwrap_or_else(|| frozen.clone()));
        stage.layer.inner().iter().for_each(|stages| stage_types(&outer, &frozen, stages, found));
    }
}
