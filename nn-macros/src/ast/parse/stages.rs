//! Stages, layers and their bodies.

mod mistakes;

use proc_macro2::TokenTree;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token, token};

use super::attributes::attributes;
use super::values::{self, argument, shape};
use super::{Result, braces, brackets, expected, name, parentheses, skip, skip_arrow};
use crate::ast::{Body, Keyword, Layer, Stage};
use crate::diagnostic::{Diagnostic, Report};
use crate::layers;

/// The stages of a body, each mistaken one reported and left out.
pub fn stages(body: ParseStream, mistakes: &mut Report) -> Vec<Stage> {
    let mut found = Vec::new();
    while !body.is_empty() {
        match stage(body, mistakes) {
            Ok(stage) => found.push(stage),
            Err(error) => {
                mistakes.push(error);
                skip_until_comma(body);
            }
        }
        if !body.is_empty() && !body.peek(Token![,]) {
            mistakes.push(mistakes::missing_comma(body, found.last()));
            skip_until_comma(body);
        }
        skip(body);
    }
    found
}

fn skip_until_comma(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        skip(input);
    }
}

fn stage(body: ParseStream, mistakes: &mut Report) -> Result<Stage> {
    let attributes = attributes(body, "a stage")?;
    let is_colon_behind = body.peek2(Token![:]) && !body.peek2(Token![::]);
    let is_named = body.peek(Ident::peek_any) && is_colon_behind;
    let parts = if body.peek(token::Paren) && is_colon_behind { pattern(body)? } else { Vec::new() };
    let name = if is_named { Some(name(body, "a stage")?) } else { None };
    if is_named {
        skip(body);
    }
    let layer = layer(body, name.as_ref().or(parts.first()), mistakes)?;
    let mut annotation = None;
    if body.peek(Token![->]) {
        skip_arrow(body);
        if body.peek(Ident::peek_any) {
            return Err(mistakes::annotation(body));
        }
        annotation = Some(shape(body)?);
    }
    Ok(Stage { attributes, name, parts, layer, annotation })
}

/// `(gate, signal):`, where `_` stands for a part without a name.
fn pattern(body: ParseStream) -> Result<Vec<Ident>> {
    let span = body.span();
    let content = parentheses(body)?;
    skip(body);
    let part = |content: ParseStream| match content.parse::<Token![_]>() {
        Ok(unnamed) => Ok(Ident::new("_", unnamed.span)),
        Err(_) => name(content, "a part"),
    };
    let parts = values::list(&content, part, "`,` between two names")?;
    if parts.is_empty() {
        let error = Diagnostic::new(span, "there are no names in the parentheses");
        return Err(error.help("write a name for each part: `(gate, signal): chunk(2)`"));
    }
    Ok(parts)
}

fn layer(body: ParseStream, stage: Option<&Ident>, mistakes: &mut Report) -> Result<Layer> {
    let is_path = body.peek(Ident)
        || [body.peek(Token![crate]), body.peek(Token![self]), body.peek(Token![super])].contains(&true);
    if !is_path && !body.peek(Token![::]) {
        return Err(mistakes::no_layer(body, stage));
    }
    let start = body.fork();
    let path = body.call(Path::parse_mod_style);
    if body.peek(Token![<]) {
        return Err(mistakes::generic(&start, body));
    }
    let Ok(path) = path else { return Err(expected(body, "a name after `::`").help(mistakes::LAYER)) };
    if body.peek(Token![.]) && body.peek2(Ident::peek_any) {
        return Err(mistakes::dotted(&start));
    }
    match path.get_ident() {
        Some(name) if name.to_string().starts_with(|first: char| first.is_lowercase() || first == '_') => {
            keyword(body, name.clone(), mistakes).map(Layer::Keyword)
        }
        _ => {
            let mut more = None;
            while body.peek(token::Paren) || body.peek(token::Brace) {
                let Ok(group) = body.parse::<TokenTree>() else { break };
                more.get_or_insert(group.span());
            }
            Ok(Layer::Type(path, more))
        }
    }
}

fn keyword(body: ParseStream, name: Ident, mistakes: &mut Report) -> Result<Keyword> {
    let (mut options, mut more) = (Vec::new(), None);
    if !layers::is_keyword(&name) {
        // the options of a layer that is not known are of another language, and a value takes none
        while body.peek(token::Paren) || body.peek(token::Bracket) {
            more.get_or_insert(body.span());
            skip(body);
        }
    } else if let Some(error) = mistakes::brackets(body, &name) {
        skip(body);
        return Err(error);
    } else if body.peek(token::Paren) {
        let content = parentheses(body)?;
        options = values::list(&content, argument, "`,` between two options")?;
    }
    let mut found = None;
    if body.peek(token::Brace) {
        let (span, content) = braces(body)?;
        // a branch has neither a name nor attributes, which `branches` says
        let is_marked = content.peek2(Token![:]) || content.peek(Token![#]);
        let has_brackets = content.peek(token::Bracket) || is_marked && content.peek3(token::Bracket);
        let branches = if has_brackets { branches(&content, mistakes)? } else { vec![stages(&content, mistakes)] };
        found = Some(Body { span, branches, has_brackets });
    }
    Ok(Keyword { name, more, options, body: found })
}

fn branches(content: ParseStream, mistakes: &mut Report) -> Result<Vec<Vec<Stage>>> {
    let mut found = Vec::new();
    while !content.is_empty() {
        if !content.peek(token::Bracket) {
            let error = expected(content, "a branch in brackets");
            return Err(error.help("write each branch in brackets: `[linear(8)], [linear(8), relu]`"));
        }
        let (_, branch) = brackets(content)?;
        found.push(stages(&branch, mistakes));
        if !content.is_empty() && !content.peek(Token![,]) {
            return Err(expected(content, "`,` between two branches").help("separate branches by commas: `[..], [..]`"));
        }
        skip(content);
    }
    Ok(found)
}
