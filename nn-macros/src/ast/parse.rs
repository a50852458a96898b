//! Tokens to [`Item`]s.

mod stages;
mod values;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseBuffer, ParseStream, Parser as _};
use syn::{Attribute, Ident, Token, Visibility, braced, bracketed, parenthesized, token};

use super::{Const, Item, Network, Tensor, Unreadable};
use crate::diagnostic::{Diagnostic, Report};
use values::{shape, size};

type Result<T> = std::result::Result<T, Diagnostic>;

/// The items of an invocation, as far as they can be read.
///
/// An item's mistakes stand in the item; those that belong to none go to the report.
pub fn parse(input: TokenStream, report: &mut Report) -> Vec<Item> {
    let mut found = Vec::new();
    if input.is_empty() {
        let help = "declare a network: `pub struct Net: [4] -> [2] { linear(2) }`";
        report.push(Diagnostic::new(Span::call_site(), "this `network!` is empty").help(help));
    } else if let Some(span) = too_deep(&input) {
        report.push(Diagnostic::new(span, format!("brackets are nested more than {MOST_NESTED} deep")));
    } else {
        let outcome = (|input: ParseStream| {
            while !input.is_empty() {
                match item(input) {
                    Ok(item) => found.push(item),
                    Err(error) => {
                        report.push(error);
                        skip_item(input, true);
                    }
                }
            }
            Ok(())
        })
        .parse2(input);
        let is_explained = !report.is_empty() || found.iter().any(|item| matches!(item, Item::Unreadable(_)));
        if let Some(leftover) = outcome.err().filter(|_| !is_explained) {
            report.push(leftover);
        }
    }
    found
}

const MOST_NESTED: usize = 64;

/// The first bracket that is nested too deep: the parser calls itself for each.
fn too_deep(input: &TokenStream) -> Option<Span> {
    let mut open = vec![(input.clone(), 0)];
    while let Some((stream, depth)) = open.pop() {
        for token in stream {
            if let TokenTree::Group(group) = token {
                if depth == MOST_NESTED {
                    return Some(group.span_open());
                }
                open.push((group.stream(), depth + 1));
            }
        }
    }
    None
}

fn item(input: ParseStream) -> Result<Item> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    if input.peek(Token![const]) {
        return constant(input, attributes, visibility);
    }
    if input.peek(Token![struct]) {
        return network(input, attributes, visibility);
    }
    let error = expected(input, "a network or a const");
    Err(if input.peek(Token![;]) || input.peek(Token![,]) {
        error.help("remove it: nothing stands between two items of `network!`, nor after the last")
    } else {
        error.help("write `pub struct Name: [4] -> [2] { linear(2) }`, or `const NAME: usize = 8;`")
    })
}

fn constant(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Item> {
    input.parse::<Token![const]>()?;
    let name = name(input, "a const")?;
    let read = |input: ParseStream| {
        if !input.peek(Token![:]) {
            return Err(expected(input, "`: usize`").help(format!("write `const {name}: usize = 8;`")));
        }
        input.parse::<Token![:]>()?;
        let kind: Ident = input.parse()?;
        if kind != "usize" {
            let error = format!("a const of `network!` is a size, but the type of `{name}` is `{kind}`");
            return Err(Diagnostic::new(kind.span(), error).help(format!("write `const {name}: usize = 8;`")));
        }
        if !input.peek(Token![=]) {
            return Err(expected(input, "`=` and a size").help(format!("write `const {name}: usize = 8;`")));
        }
        input.parse::<Token![=]>()?;
        let value = size(input)?;
        if !input.peek(Token![;]) {
            let help = if input.is_empty() || begins_item(input) { "end the const with `;`" } else { values::SIZES };
            return Err(expected(input, "`;` after a const").help(help));
        }
        input.parse::<Token![;]>()?;
        Ok(value)
    };
    Ok(match read(input) {
        Ok(value) => Item::Const(Const { attributes, visibility, name, value }),
        Err(error) => {
            skip_item(input, false);
            Item::Unreadable(Unreadable { attributes, visibility, name, network: None, mistakes: error.into() })
        }
    })
}

fn network(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Item> {
    input.parse::<Token![struct]>()?;
    let name = name(input, "a network")?;
    let mut mistakes = Report::default();
    let signature = signature(input).map_err(|error| {
        mistakes.push(error);
        skip_signature(input);
    });
    let mut found = Vec::new();
    if input.peek(token::Brace) {
        let (_, body) = braces(input)?;
        found = stages::stages(&body, &mut mistakes);
    } else {
        if mistakes.is_empty() {
            mistakes.push(
                expected(input, "`{` and the stages of the network").help("write `{ linear(8), relu, linear(2) }`"),
            );
        }
        skip_item(input, false);
    }
    Ok(match signature {
        Ok((declared, output)) if mistakes.is_empty() => {
            Item::Network(Network { attributes, visibility, name, input: declared, output, stages: found })
        }
        signature => {
            let is_sequence = signature.is_ok_and(|(input, _)| input.is_sequence());
            Item::Unreadable(Unreadable { attributes, visibility, name, network: Some((is_sequence, found)), mistakes })
        }
    })
}

/// `: input -> output`
fn signature(input: ParseStream) -> Result<(Tensor, Tensor)> {
    if input.peek(Token![<]) {
        let error = Diagnostic::new(input.span(), "a network has no generic parameters");
        return Err(error.help("its sizes are numbers, or a `const` of this `network!`"));
    }
    if !input.peek(Token![:]) {
        let error = expected(input, "`:` and the shapes of input and output");
        return Err(error.help("declare what the network takes and makes: `pub struct Name: [4] -> [2] { .. }`"));
    }
    input.parse::<Token![:]>()?;
    let declared = tensor(input)?;
    if !input.peek(Token![->]) {
        return Err(expected(input, "`->` and the output's shape").help("declare what the network makes: `-> [10]`"));
    }
    input.parse::<Token![->]>()?;
    Ok((declared, tensor(input)?))
}

fn tensor(input: ParseStream) -> Result<Tensor> {
    let element = if input.peek(Ident) { Some(input.parse()?) } else { None };
    Ok(Tensor { element, shape: shape(input)? })
}

/// The name that something gets: not a keyword of Rust, as it becomes a field or a type.
fn name(input: ParseStream, what: &str) -> Result<Ident> {
    if !input.peek(Ident::peek_any) {
        return Err(expected(input, &format!("the name of {what}")));
    }
    let is_keyword = input.fork().parse::<Ident>().is_err();
    let name = input.call(Ident::parse_any)?;
    let written = name.to_string();
    if is_keyword || written == "gen" || written.starts_with("r#") {
        let error = Diagnostic::new(name.span(), format!("`{written}` cannot be the name of {what}"));
        let help = if written == "_" { "write a name" } else { "it is a keyword of Rust: write another name" };
        return Err(error.help(help));
    }
    Ok(name)
}

fn braces<'a>(input: &ParseBuffer<'a>) -> syn::Result<(Span, ParseBuffer<'a>)> {
    let content;
    let open = braced!(content in input).span.open();
    Ok((open, content))
}

fn brackets<'a>(input: &ParseBuffer<'a>) -> syn::Result<(Span, ParseBuffer<'a>)> {
    let content;
    let all = bracketed!(content in input).span.join();
    Ok((all, content))
}

fn parentheses<'a>(input: &ParseBuffer<'a>) -> syn::Result<ParseBuffer<'a>> {
    let content;
    parenthesized!(content in input);
    Ok(content)
}

/// Something else stands where `what` was expected.
fn expected(input: ParseStream, what: &str) -> Diagnostic {
    let found = match input.cursor().token_tree() {
        None => return Diagnostic::new(input.span(), format!("expected {what}")),
        Some((TokenTree::Group(group), _)) => match group.delimiter() {
            Delimiter::Parenthesis => "(".into(),
            Delimiter::Brace => "{".into(),
            Delimiter::Bracket => "[".into(),
            Delimiter::None => group.stream().to_string(),
        },
        Some((token, _)) => token.to_string(),
    };
    Diagnostic::new(input.span(), format!("expected {what}, found `{found}`"))
}

/// Skips a token.
fn skip(input: ParseStream) {
    let _ = input.parse::<TokenTree>();
}

/// Skips the rest of an item: past a `;` or a body in braces, or up to what begins another.
fn skip_item(input: ParseStream, must_advance: bool) {
    if must_advance && skips_to_end(input) {
        return;
    }
    while !input.is_empty() && !begins_item(input) {
        if skips_to_end(input) {
            return;
        }
    }
}

/// Skips a token; whether it ends an item.
fn skips_to_end(input: ParseStream) -> bool {
    let is_end = input.peek(Token![;]) || input.peek(token::Brace);
    skip(input);
    is_end
}

/// Skips what is left of a signature, up to the body.
fn skip_signature(input: ParseStream) {
    let is_generic = input.peek(Token![<]);
    while !(input.is_empty()
        || input.peek(token::Brace)
        || input.peek(Token![;])
        || (begins_item(input) && !is_generic))
    {
        skip(input);
    }
}

fn begins_item(input: ParseStream) -> bool {
    input.peek(Token![struct]) || input.peek(Token![const]) || input.peek(Token![pub]) || input.peek(Token![#])
}
