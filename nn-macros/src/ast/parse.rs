//! Tokens to [`Item`]s.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Ident, LitBool, LitFloat, LitInt, Path, Result, Token, Visibility, braced, bracketed, parenthesized, token};

use super::{Argument, Body, Const, Item, Keyword, Layer, Network, Shape, Size, Stage, Tensor, Value};
use crate::diagnostic::{Diagnostic, Report};

/// The items of an invocation, as far as they can be read. Mistakes go to the report.
pub fn parse(input: TokenStream, report: &mut Report) -> Vec<Item> {
    let mut found = Vec::new();
    let outcome = (|input: ParseStream| {
        while !input.is_empty() {
            match item(input, report) {
                Ok(item) => found.push(item),
                Err(error) => {
                    report.push(error);
                    skip_item(input)?;
                }
            }
        }
        Ok(())
    })
    .parse2(input);
    if let Err(error) = outcome {
        report.push(error);
    }
    found
}

fn item(input: ParseStream, report: &mut Report) -> Result<Item> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if input.peek(Token![const]) {
        constant(input, attributes, visibility).map(Item::Const)
    } else if input.peek(Token![struct]) {
        network(input, attributes, visibility, report).map(Item::Network)
    } else {
        Err(input.error(
            "expected a network or a const\n\
             help: write `pub struct Name: [inputs] -> [outputs] { .. }`, or `const NAME: usize = 8;`",
        ))
    }
}

fn constant(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Const> {
    input.parse::<Token![const]>()?;
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    let kind: Ident = input.parse()?;
    if kind != "usize" {
        let message = format!("a const of `network!` is a size, but its type is `{kind}`\nhelp: write `const {name}: usize = ..;`");
        return Err(syn::Error::new(kind.span(), message));
    }
    input.parse::<Token![=]>()?;
    let value = size(input)?;
    input.parse::<Token![;]>()?;
    Ok(Const { attributes, visibility, name, value })
}

fn network(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility, report: &mut Report) -> Result<Network> {
    input.parse::<Token![struct]>()?;
    let name = input.parse()?;
    if input.peek(Token![<]) {
        return Err(input.error("a network has no generic parameters\nhelp: its sizes are numbers, or a `const` of this `network!`"));
    }
    input.parse::<Token![:]>()?;
    let declared_input = tensor(input)?;
    input.parse::<Token![->]>()?;
    let output = tensor(input)?;
    let body;
    braced!(body in input);
    let stages = stages(&body, report)?;
    Ok(Network { attributes, visibility, name, input: declared_input, output, stages })
}

fn tensor(input: ParseStream) -> Result<Tensor> {
    let element = if input.peek(Ident) { Some(input.parse()?) } else { None };
    if !input.peek(token::Bracket) {
        return Err(input.error("expected a shape\nhelp: write it in brackets, such as `[64]` or `[1, 28, 28]`"));
    }
    Ok(Tensor { element, shape: shape(input)? })
}

fn shape(input: ParseStream) -> Result<Shape> {
    let content;
    let bracket = bracketed!(content in input);
    let sizes = content.parse_terminated(size, Token![,])?;
    Ok(Shape { span: bracket.span.join(), sizes: sizes.into_iter().collect() })
}

/// The stages of a body, each mistaken one reported and left out.
fn stages(body: ParseStream, report: &mut Report) -> Result<Vec<Stage>> {
    let mut found = Vec::new();
    while !body.is_empty() {
        match stage(body, report) {
            Ok(stage) => found.push(stage),
            Err(error) => {
                report.push(error);
                skip_until_comma(body)?;
            }
        }
        if body.is_empty() {
            break;
        }
        if !body.peek(Token![,]) {
            report.push(
                Diagnostic::new(body.span(), "expected `,` between two stages").help("stages are separated by commas: `linear(8), relu`"),
            );
            skip_until_comma(body)?;
        }
        body.parse::<Option<Token![,]>>()?;
    }
    Ok(found)
}

fn stage(body: ParseStream, report: &mut Report) -> Result<Stage> {
    let attributes = body.call(Attribute::parse_outer)?;
    let is_named = body.peek(Ident::peek_any) && body.peek2(Token![:]) && !body.peek2(Token![::]);
    let name = if is_named {
        let name = body.parse()?;
        body.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    let layer = layer(body, report)?;
    let annotation = if body.parse::<Option<Token![->]>>()?.is_some() { Some(shape(body)?) } else { None };
    Ok(Stage { attributes, name, layer, annotation })
}

fn layer(body: ParseStream, report: &mut Report) -> Result<Layer> {
    if !body.peek(Ident::peek_any) && !body.peek(Token![::]) {
        return Err(body.error("expected a layer\nhelp: write a keyword such as `linear(10)`, or the path of a type"));
    }
    let path = Path::parse_mod_style(body)?;
    match path.get_ident() {
        Some(name) if name.to_string().starts_with(|c: char| c.is_lowercase() || c == '_') => {
            let name = name.clone();
            keyword(body, name, report).map(Layer::Keyword)
        }
        _ if body.peek(token::Paren) => Err(body.error("a type used as a layer takes no options")),
        _ if body.peek(Token![<]) => {
            Err(body.error("a generic type cannot stand here\nhelp: give it a name: `type MyLayer = my::Layer<8>;`"))
        }
        _ => Ok(Layer::Type(path)),
    }
}

fn keyword(body: ParseStream, name: Ident, report: &mut Report) -> Result<Keyword> {
    let mut options = Vec::new();
    if body.peek(token::Paren) {
        let content;
        parenthesized!(content in body);
        options = content.parse_terminated(argument, Token![,])?.into_iter().collect();
    }
    let mut found = None;
    if body.peek(token::Brace) {
        let content;
        braced!(content in body);
        found = Some(if content.peek(token::Bracket) { branches(&content, report)? } else { Body::Stages(stages(&content, report)?) });
    }
    Ok(Keyword { name, options, body: found })
}

fn branches(content: ParseStream, report: &mut Report) -> Result<Body> {
    let mut found = Vec::new();
    while !content.is_empty() {
        let branch;
        bracketed!(branch in content);
        found.push(stages(&branch, report)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(Body::Branches(found))
}

fn argument(content: ParseStream) -> Result<Argument> {
    let name = if content.peek(Ident::peek_any) && content.peek2(Token![=]) && !content.peek2(Token![==]) {
        let name = content.parse()?;
        content.parse::<Token![=]>()?;
        Some(name)
    } else {
        None
    };
    Ok(Argument { name, value: value(content)? })
}

fn value(content: ParseStream) -> Result<Value> {
    if content.peek(LitBool) {
        let literal: LitBool = content.parse()?;
        return Ok(Value::Bool(literal.value, literal.span));
    }
    if content.peek(token::Bracket) {
        return shape(content).map(Value::Shape);
    }
    if content.peek(Token![-]) || content.peek(LitFloat) {
        return float(content);
    }
    if let Some(pair) = pair(content)? {
        return Ok(pair);
    }
    size(content).map(Value::Size)
}

fn float(content: ParseStream) -> Result<Value> {
    let span = content.span();
    let sign = if content.parse::<Option<Token![-]>>()?.is_some() { -1.0 } else { 1.0 };
    let magnitude = if content.peek(LitInt) { content.parse::<LitInt>()?.base10_parse::<f64>()? } else { content.parse::<LitFloat>()?.base10_parse()? };
    Ok(Value::Float(sign * magnitude, span))
}

/// `(3, 5)`, as opposed to a size in parentheses.
fn pair(content: ParseStream) -> Result<Option<Value>> {
    let fork = content.fork();
    let Ok(TokenTree::Group(group)) = fork.parse() else { return Ok(None) };
    let has_comma = group.stream().into_iter().any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    if group.delimiter() != Delimiter::Parenthesis || !has_comma {
        return Ok(None);
    }
    let inner;
    parenthesized!(inner in content);
    let first = size(&inner)?;
    inner.parse::<Token![,]>()?;
    let second = size(&inner)?;
    inner.parse::<Option<Token![,]>>()?;
    if !inner.is_empty() {
        return Err(inner.error("a pair has two values"));
    }
    Ok(Some(Value::Pair(first, second, group.span())))
}

/// Sums of products of literals, names and parentheses.
fn size(input: ParseStream) -> Result<Size> {
    let mut left = product(input)?;
    while input.peek(Token![+]) || (input.peek(Token![-]) && !input.peek(Token![->])) {
        let operator = if input.parse::<Option<Token![+]>>()?.is_some() { '+' } else { input.parse::<Token![-]>().map(|_| '-')? };
        left = Size::Operation(Box::new(left), operator, Box::new(product(input)?));
    }
    Ok(left)
}

fn product(input: ParseStream) -> Result<Size> {
    let mut left = factor(input)?;
    while input.peek(Token![*]) || input.peek(Token![/]) {
        let operator = if input.parse::<Option<Token![*]>>()?.is_some() { '*' } else { input.parse::<Token![/]>().map(|_| '/')? };
        left = Size::Operation(Box::new(left), operator, Box::new(factor(input)?));
    }
    Ok(left)
}

fn factor(input: ParseStream) -> Result<Size> {
    if input.peek(LitInt) {
        let literal: LitInt = input.parse()?;
        if !matches!(literal.suffix(), "" | "usize") {
            let message = format!("a size is a `usize`, but this is a `{}`", literal.suffix());
            return Err(syn::Error::new(literal.span(), message));
        }
        return Ok(Size::Literal(literal.base10_parse()?, literal.span()));
    }
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        let inner = size(&content)?;
        return if content.is_empty() { Ok(inner) } else { Err(content.error("expected `)`")) };
    }
    if input.peek(Ident) || input.peek(Token![::]) || input.peek(Token![crate]) || input.peek(Token![self]) || input.peek(Token![super]) {
        let path = Path::parse_mod_style(input)?;
        return Ok(path.get_ident().cloned().map_or_else(|| Size::Path(path.clone()), Size::Name));
    }
    Err(input.error("expected a size\nhelp: a size is a number, a `const` of this `network!`, or arithmetic over them"))
}

fn skip_until_comma(input: ParseStream) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Skips the rest of an item: up to a `;` or past a body in braces.
fn skip_item(input: ParseStream) -> Result<()> {
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => break,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            _ => {}
        }
    }
    Ok(())
}

