//! The attributes of the struct and of its fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Meta, Path, Token};

use crate::diagnostic::{Diagnostic, Report};
use crate::resolve::is_derived_anyway;

/// The attributes, without those that `layer!` writes or reads itself.
#[derive(Default)]
pub struct Attributes {
    /// The conditions under which there is the item; among those that are kept, too.
    pub cfg: Vec<TokenStream>,
    pub kept: Vec<TokenStream>,
}

impl Attributes {
    pub fn of_struct(written: &[Attribute], report: &mut Report) -> Self {
        let mut sorted = Self::default();
        for attribute in written {
            let path = attribute.path();
            if path.is_ident("derive") {
                sorted.kept.extend(other_derives(attribute));
            } else if path.is_ident("repr") {
                let error = "a layer's struct has its `repr` already, so that it is a part of the network's flat slice";
                report.push(Diagnostic::new(path.span(), error).help("remove it"));
            } else if path.is_ident("state") {
                let error = Diagnostic::new(path.span(), "`#[state]` marks a field, not the struct");
                report.push(error.help("write it before each field that is a running statistic"));
            } else if !path.is_ident("bytemuck") {
                sorted.keep(attribute);
            }
        }
        sorted
    }

    /// Those of a field, and whether it is marked `#[state]`.
    pub fn of_field(written: &[Attribute], report: &mut Report) -> (Self, bool) {
        let (mut sorted, mut is_state) = (Self::default(), false);
        for attribute in written {
            if !attribute.path().is_ident("state") {
                sorted.keep(attribute);
                continue;
            }
            is_state = true;
            if !matches!(attribute.meta, Meta::Path(_)) {
                let error = Diagnostic::new(attribute.path().span(), "`state` takes no arguments");
                report.push(error.help("write `#[state]`"));
            }
        }
        (sorted, is_state)
    }

    fn keep(&mut self, attribute: &Attribute) {
        let tokens = quote!(#attribute);
        if attribute.path().is_ident("cfg") {
            self.cfg.push(tokens.clone());
        }
        self.kept.push(tokens);
    }
}

/// A `derive` without the traits that every layer derives.
fn other_derives(attribute: &Attribute) -> Option<TokenStream> {
    let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return Some(quote!(#attribute));
    };
    let others: Vec<_> = paths.iter().filter(|path| !is_derived_anyway(path)).collect();
    (!others.is_empty()).then(|| quote!(#[derive(#(#others),*)]))
}
