//! Attributes and doc comments before what they describe.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Token, token};

use super::spelling::is_doc;
use super::{Result, expected, skip};
use crate::diagnostic::Diagnostic;

/// The attributes before `what`.
pub fn attributes(input: ParseStream, what: &str) -> Result<Vec<Attribute>> {
    let mut found = Vec::new();
    while input.peek(Token![#]) {
        if input.peek2(Token![!]) {
            return Err(inner(input, what));
        }
        if !input.peek2(token::Bracket) {
            skip(input);
            return Err(expected(input, "an attribute in brackets").help("write `#[frozen]`, or a doc comment"));
        }
        let wrong = Diagnostic::new(input.span(), "this is not an attribute").help("write `#[name]`, or `#[name(..)]`");
        let tokens = [input.parse::<TokenTree>(), input.parse()].into_iter().flatten().collect::<TokenStream>();
        found.extend(Attribute::parse_outer.parse2(tokens).map_err(|_| wrong)?);
    }
    if input.is_empty() {
        found.first().zip(found.last()).map_or(Ok(()), |(first, last)| Err(dangling(first, last, what)))?;
    }
    Ok(found)
}

/// `//!` or `#![..]`, and those that follow.
fn inner(input: ParseStream, what: &str) -> Diagnostic {
    let is_doc = input.cursor().punct().is_some_and(|(_, rest)| is_doc(rest));
    let mut spans = Vec::new();
    while input.peek(Token![#]) && input.peek2(Token![!]) {
        for _ in 0..3 {
            spans.push(input.span());
            skip(input);
        }
    }
    let extent = spans.first().zip(spans.last()).map_or([input.span(); 2], |(first, last)| [*first, *last]);
    if is_doc {
        Diagnostic::across(extent, "`//!` has nothing to describe here").help(format!("write `///` before {what}"))
    } else {
        Diagnostic::across(extent, "`#![..]` has nothing to apply to here").help(format!("write `#[..]` before {what}"))
    }
}

/// Attributes at the end.
fn dangling(first: &Attribute, last: &Attribute, what: &str) -> Diagnostic {
    let extent = [first.pound_token.span, last.bracket_token.span.close()];
    if last.path().is_ident("doc") {
        Diagnostic::across(extent, "a doc comment describes what follows it, but nothing follows")
            .help(format!("write `//`, or move it before {what}"))
    } else {
        Diagnostic::across(extent, "an attribute applies to what follows it, but nothing follows")
            .help(format!("remove it, or move it before {what}"))
    }
}
