//! Stages, layers and their bodies.

use proc_macro2::TokenTree;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Path, Token, token};

use super::values::{self, argument, shape};
use super::{Result, braces, brackets, expected, name, parentheses, skip};
use crate::ast::{Body, Keyword, Layer, Stage};
use crate::diagnostic::{Diagnostic, Report};

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
            mistakes.push(missing_comma(body, found.last()));
            skip_until_comma(body);
        }
        skip(body);
    }
    found
}

fn missing_comma(body: ParseStream, last: Option<&Stage>) -> Diagnostic {
    let error = expected(body, "`,` between two stages");
    match last.map(|stage| &stage.layer) {
        Some(Layer::Keyword(keyword)) if body.peek(Token![=]) => {
            error.help(format!("a stage is named with a colon: `{}: linear(8)`", keyword.name))
        }
        _ => error.help("separate stages by commas: `linear(8), relu`"),
    }
}

fn skip_until_comma(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        skip(input);
    }
}

fn stage(body: ParseStream, mistakes: &mut Report) -> Result<Stage> {
    let attributes = body.call(Attribute::parse_outer)?;
    let is_named = body.peek(Ident::peek_any) && body.peek2(Token![:]) && !body.peek2(Token![::]);
    let name = if is_named { Some(name(body, "a stage")?) } else { None };
    body.parse::<Option<Token![:]>>()?;
    let layer = layer(body, mistakes)?;
    let annotation = if body.parse::<Option<Token![->]>>()?.is_some() { Some(shape(body)?) } else { None };
    Ok(Stage { attributes, name, layer, annotation })
}

fn layer(body: ParseStream, mistakes: &mut Report) -> Result<Layer> {
    let is_path = body.peek(Ident)
        || [body.peek(Token![crate]), body.peek(Token![self]), body.peek(Token![super])].contains(&true);
    if !is_path && !body.peek(Token![::]) {
        return Err(expected(body, "a layer").help("write a keyword such as `linear(10)`, or the path of a type"));
    }
    let path = Path::parse_mod_style(body)?;
    if body.peek(Token![<]) {
        let error = Diagnostic::new(body.span(), "a generic type cannot stand here");
        return Err(error.help("give it a name: `type MyLayer = my::Layer<8>;`"));
    }
    match path.get_ident() {
        Some(name) if name.to_string().starts_with(|first: char| first.is_lowercase() || first == '_') => {
            keyword(body, name.clone(), mistakes).map(Layer::Keyword)
        }
        _ => {
            let mut more = None;
            while body.peek(token::Paren) || body.peek(token::Brace) {
                let group: TokenTree = body.parse()?;
                more.get_or_insert(group.span());
            }
            Ok(Layer::Type(path, more))
        }
    }
}

fn keyword(body: ParseStream, name: Ident, mistakes: &mut Report) -> Result<Keyword> {
    let mut options = Vec::new();
    if body.peek(token::Bracket) {
        let error = Diagnostic::new(body.span(), format!("the options of `{name}` stand in brackets"));
        return Err(error.help(format!("write them in parentheses: `{name}(8)`")));
    }
    if body.peek(token::Paren) {
        let content = parentheses(body)?;
        options = values::list(&content, argument, "`,` between two options")?;
    }
    let mut found = None;
    if body.peek(token::Brace) {
        let (span, content) = braces(body)?;
        let has_brackets = content.peek(token::Bracket);
        let branches = if has_brackets { branches(&content, mistakes)? } else { vec![stages(&content, mistakes)] };
        found = Some(Body { span, branches, has_brackets });
    }
    Ok(Keyword { name, options, body: found })
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
            return Err(expected(content, "`,` between two branches"));
        }
        skip(content);
    }
    Ok(found)
}
