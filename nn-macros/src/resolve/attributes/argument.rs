//! What `#[weights(..)]` is written with: the path of a file.

use proc_macro2::{TokenStream, TokenTree};
use syn::{LitStr, Meta};

use super::span;
use crate::diagnostic::Diagnostic;

const HELP: &str =
    "write the file's path from the folder of the crate's `Cargo.toml`: `#[weights(\"network.safetensors\")]`";

/// The path in `#[weights("path")]`.
pub fn path(meta: &Meta) -> Result<LitStr, Diagnostic> {
    let error = |extent, message: &str| Diagnostic::across(extent, message).help(HELP);
    let name = [span(meta.path()); 2];
    let tokens = match meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) => return Err(error(name, "`#[weights]` names no file")),
        Meta::NameValue(_) => return Err(error(name, "the path of `#[weights]` goes in parentheses, not after `=`")),
    };
    let arguments = split_at_commas(tokens);
    let extent =
        |tokens: &[TokenTree]| tokens.first().zip(tokens.last()).map(|(first, last)| [first.span(), last.span()]);
    let (first, more) = match arguments.as_slice() {
        [] => return Err(error(name, "`#[weights]` names no file")),
        [first, more @ ..] => (first, more),
    };
    if let Some(extent) = more.first().and_then(|argument| extent(argument)) {
        return Err(error(extent, "`#[weights]` takes one file, and nothing else"));
    }
    let extent = extent(first).unwrap_or(name);
    let path = syn::parse2::<LitStr>(first.iter().cloned().collect()).map_err(|_| {
        if first.iter().any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!')) {
            error(extent, "the path of `#[weights]` is a macro, which is not expanded inside of `network!`")
        } else {
            error(extent, "the path of `#[weights]` is not a string")
        }
    })?;
    if !path.suffix().is_empty() {
        return Err(error(extent, "the path of `#[weights]` has a suffix"));
    }
    if path.value().is_empty() { Err(error(extent, "the path of `#[weights]` is empty")) } else { Ok(path) }
}

/// What stands between commas, without a last comma.
fn split_at_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut is_new = true;
    for token in tokens {
        if matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ',') {
            is_new = true;
        } else if let (Some(part), false) = (parts.last_mut(), is_new) {
            Vec::push(part, token);
        } else {
            parts.push(vec![token]);
            is_new = false;
        }
    }
    parts
}
