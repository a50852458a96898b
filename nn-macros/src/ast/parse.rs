//! Tokens to [`Item`]s.

mod attributes;
mod invisible;
mod spelling;
mod stages;
mod values;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseBuffer, ParseStream, Parser as _};
use syn::{Attribute, Ident, LitStr, Path, Token, Visibility, braced, bracketed, parenthesized, token};

use super::{Const, Item, Network, Port, Ports, SIZES, Tensor, Unreadable};
use crate::diagnostic::{Diagnostic, Report};
use values::{expression, shape};

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
            let Ok((_, input)) = &braces(input) else { return Ok(()) };
            while !input.is_empty() {
                let start = input.cursor();
                match item(input) {
                    Ok(item) => found.push(item),
                    Err(error) => {
                        report.push(error);
                        // behind a mistaken attribute the item is as good as any
                        if input.cursor() == start || !begins_item(input) {
                            skip_item(input, true);
                        }
                        if input.peek(Token![;]) {
                            skip(input);
                        }
                    }
                }
            }
            Ok(())
        })
        .parse2(enclosed(invisible::open(input)));
        let is_explained = !report.is_empty() || found.iter().any(|item| matches!(item, Item::Unreadable(_)));
        if let Some(leftover) = outcome.err().filter(|_| !is_explained) {
            report.push(leftover);
        }
    }
    found
}

const MOST_NESTED: usize = 64;

/// The tokens in braces whose end is the last of them: what is missing at the end is missing there, and not everywhere.
fn enclosed(input: TokenStream) -> TokenStream {
    let last = input.clone().into_iter().last();
    let mut group = Group::new(Delimiter::Brace, input);
    match last {
        Some(TokenTree::Group(last)) => group.set_span(last.span_close()),
        Some(last) => group.set_span(last.span()),
        None => {}
    }
    TokenTree::Group(group).into()
}

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
    let attributes = attributes::attributes(input, "a network or a const")?;
    let start = input.fork();
    let visibility: Visibility = input.parse().map_err(|_| {
        Diagnostic::new(start.span(), "this is not a visibility").help("write `pub`, or `pub(crate)`, or nothing")
    })?;
    if input.peek(Token![const]) && !input.peek2(Token![fn]) {
        return constant(input, attributes, visibility);
    }
    if input.peek(Token![struct]) {
        return network(input, attributes, visibility);
    }
    if input.peek(Token![static]) || input.peek(Token![let]) {
        return variable(input, attributes, visibility);
    }
    Err(other_item(input))
}

/// Something else than a network or a const.
fn other_item(input: ParseStream) -> Diagnostic {
    let error = expected(input, "a network or a const");
    let word = input.cursor().ident().map(|(word, _)| word.to_string()).unwrap_or_default();
    match word.as_str() {
        "fn" | "impl" | "trait" | "mod" | "use" | "type" | "enum" | "union" | "macro_rules" | "extern" | "unsafe"
        | "async" | "const" => {
            error.help(format!("move the `{word}` out of `network!`, which holds networks and consts"))
        }
        _ if input.peek(Token![;]) || input.peek(Token![,]) => {
            error.help("remove it: items of `network!` have nothing between them")
        }
        _ => error.help("write `pub struct Name: [4] -> [2] { linear(2) }`, or `const NAME: usize = 8;`"),
    }
}

fn constant(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Item> {
    skip(input);
    let name = name(input, "a const")?;
    let read = |input: ParseStream| {
        if !input.peek(Token![:]) {
            return Err(expected(input, "`: usize`").help(format!("write `const {name}: usize = 8;`")));
        }
        skip(input);
        let start = input.fork();
        match input.parse::<Ident>() {
            Ok(kind) if kind == "usize" => {}
            Ok(kind) => {
                let error = format!("a const of `network!` is a size, but the type of `{name}` is `{kind}`");
                let is_number = kind == "f32" || kind == "f64";
                return Err(Diagnostic::new(kind.span(), error).help(if is_number {
                    "write a number that is no size where it is used: `dropout(0.5)`".into()
                } else {
                    format!("write `const {name}: usize = 8;`")
                }));
            }
            Err(_) => return Err(expected(&start, "`usize`").help(format!("write `const {name}: usize = 8;`"))),
        }
        if !input.peek(Token![=]) {
            return Err(expected(input, "`=` and a size").help(format!("write `const {name}: usize = 8;`")));
        }
        skip(input);
        let value = expression(input)?;
        if !input.peek(Token![;]) {
            let is_end = input.is_empty() || input.peek(Token![,]) || begins_item(input);
            let help = if is_end { "end the const with `;`" } else { SIZES };
            return Err(expected(input, "`;` after a const").help(help));
        }
        skip(input);
        Ok(value)
    };
    Ok(match read(input) {
        Ok(value) => Item::Const(Const { attributes, visibility, name, value }),
        Err(error) => {
            skip_const(input);
            Item::Unreadable(Unreadable { attributes, visibility, name, network: None, mistakes: error.into() })
        }
    })
}

/// `static SIZE: usize = 8;` or `let size = 8;`: a const whose value is not known.
fn variable(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Item> {
    let error = expected(input, "a network or a const");
    skip(input);
    if input.peek(Token![mut]) {
        skip(input);
    }
    let name = name(input, "a const")?;
    let capitals = name.to_string().to_uppercase();
    skip_const(input);
    let mistakes = error.help(format!("write `const {capitals}: usize = 8;`")).into();
    Ok(Item::Unreadable(Unreadable { attributes, visibility, name, network: None, mistakes }))
}

fn network(input: ParseStream, attributes: Vec<Attribute>, visibility: Visibility) -> Result<Item> {
    skip(input);
    let name = name(input, "a network")?;
    let mut mistakes = Report::default();
    let signature = signature(input, &name).map_err(|error| {
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
        Ok([declared, output]) if mistakes.is_empty() => {
            Item::Network(Network { attributes, visibility, name, input: declared, output, stages: found })
        }
        signature => {
            let network = Some((signature.ok(), found));
            Item::Unreadable(Unreadable { attributes, visibility, name, network, mistakes })
        }
    })
}

/// `: input -> output`
fn signature(input: ParseStream, name: &Ident) -> Result<[Ports; 2]> {
    if input.peek(Token![<]) {
        let error = Diagnostic::new(input.span(), "a network has no generic parameters");
        return Err(error.help("its sizes are numbers, or a `const` of this `network!`"));
    }
    if !input.peek(Token![:]) || input.peek(Token![::]) {
        let error = expected(input, "`:` and the shapes of input and output");
        let shapes = match input.cursor().group(Delimiter::Parenthesis) {
            Some((shapes, ..)) if shapes.token_stream().to_string().contains("->") => {
                spelling::spelling(shapes.token_stream())
            }
            _ => "[4] -> [2]".into(),
        };
        return Err(
            error.help(format!("declare what the network takes and makes: `pub struct {name}: {shapes} {{ .. }}`"))
        );
    }
    skip(input);
    let declared = ports(input, input.peek(token::Brace), "input")?;
    if !input.peek(Token![->]) {
        return Err(expected(input, "`->` and the output's shape").help("declare what the network makes: `-> [10]`"));
    }
    skip_arrow(input);
    let has_names = begins_ports(input);
    Ok([declared, ports(input, has_names, "output")?])
}

/// A tensor, or several with names: `{ image: [1, 28, 28], speed: [3] }`.
fn ports(input: ParseStream, has_names: bool, what: &str) -> Result<Ports> {
    if !has_names {
        let tensor = tensor(input)?;
        return Ok(Ports { list: vec![Port { name: None, tensor }] });
    }
    let (span, content) = braces(input)?;
    let mut list = Vec::new();
    while !content.is_empty() {
        let name = name(&content, &format!("an {what}"))?;
        if !content.peek(Token![:]) || content.peek(Token![::]) {
            return Err(expected(&content, "`:` and a shape").help(format!("write `{name}: [4]`")));
        }
        skip(&content);
        list.push(Port { tensor: tensor(&content)?, name: Some(name) });
        if !content.is_empty() && !content.peek(Token![,]) {
            return Err(expected(&content, "`,`").help(format!("write a comma behind each {what}")));
        }
        skip(&content);
    }
    if list.is_empty() {
        let error = Diagnostic::new(span, format!("there is no {what} in these braces"));
        return Err(error.help("write each with its name and shape: `{ image: [1, 28, 28], speed: [3] }`"));
    }
    Ok(Ports { list })
}

fn tensor(input: ParseStream) -> Result<Tensor> {
    if input.peek(LitStr) {
        let error = expected(input, "an element type or a shape");
        return Err(error.help("write the element type without quotes: `f32 [64]`"));
    }
    let element = input.peek(Ident).then(|| input.parse().ok()).flatten();
    if element.is_some() && !input.peek(token::Bracket) {
        let error = expected(input, "the shape in brackets");
        if begins_ports(input) {
            return Err(error.help("write the element type before each shape: `{ image: u8 [784], speed: f32 [3] }`"));
        }
        return Err(error.help("write an element type and the sizes: `f32 [64]`; without an element type it is `f32`"));
    }
    Ok(Tensor { element, shape: shape(input)? })
}

/// The name that something gets: not a keyword of Rust, as it becomes a field or a type.
fn name(input: ParseStream, what: &str) -> Result<Ident> {
    if !input.peek(Ident::peek_any) {
        let help = match what {
            "a network" => "write `pub struct Net: [4] -> [2] { linear(2) }`",
            "a const" => "write `const SIZE: usize = 8;`",
            _ => "write a name",
        };
        return Err(expected(input, &format!("the name of {what}")).help(help));
    }
    let is_keyword = input.fork().parse::<Ident>().is_err();
    let start = input.fork();
    let name = input.call(Ident::parse_any).map_err(|_| expected(&start, &format!("the name of {what}")))?;
    let written = name.to_string();
    if is_keyword || written == "gen" || written.starts_with("r#") {
        let error = Diagnostic::new(name.span(), format!("`{written}` cannot be the name of {what}"));
        let help = if written == "_" { "write a name" } else { "it is a keyword of Rust: write another name" };
        return Err(error.help(help));
    }
    Ok(name)
}

fn braces<'a>(input: &ParseBuffer<'a>) -> Result<(Span, ParseBuffer<'a>)> {
    let inside = || -> syn::Result<_> {
        let content;
        let open = braced!(content in input).span.open();
        Ok((open, content))
    };
    inside().map_err(|_| expected(input, "`{`"))
}

fn brackets<'a>(input: &ParseBuffer<'a>) -> Result<(Span, ParseBuffer<'a>)> {
    let inside = || -> syn::Result<_> {
        let content;
        let all = bracketed!(content in input).span.join();
        Ok((all, content))
    };
    inside().map_err(|_| expected(input, "`[`"))
}

fn parentheses<'a>(input: &ParseBuffer<'a>) -> Result<ParseBuffer<'a>> {
    let inside = || -> syn::Result<_> {
        let content;
        parenthesized!(content in input);
        Ok(content)
    };
    inside().map_err(|_| expected(input, "`(`"))
}

/// The path of a type or a const, without generic arguments.
fn path(input: ParseStream) -> Result<Path> {
    input.call(Path::parse_mod_style).map_err(|_| {
        expected(input, "a name after `::`").help("a path has names alone, such as `my::Layer`, and no `<..>`")
    })
}

/// Something else is written where `what` was expected.
fn expected(input: ParseStream, what: &str) -> Diagnostic {
    let error = match spelling::next(input.cursor()) {
        None => format!("expected {what}"),
        Some(found) => format!("expected {what}, found {found}"),
    };
    Diagnostic::new(input.span(), error)
}

/// Skips `->`.
fn skip_arrow(input: ParseStream) {
    skip(input);
    skip(input);
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

/// Skips the rest of a const: past its `;`, or up to what begins another item.
fn skip_const(input: ParseStream) {
    while !input.is_empty() && !begins_item(input) {
        let is_end = input.peek(Token![;]);
        skip(input);
        if is_end {
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
        || (input.peek(token::Brace) && !begins_ports(input))
        || input.peek(Token![;])
        || (begins_item(input) && !is_generic))
    {
        skip(input);
    }
}

/// Whether these braces are inputs or outputs: an arrow or the body follows, or they begin with `name: [`, which no stages do.
fn begins_ports(input: ParseStream) -> bool {
    let Some((inside, _, rest)) = input.cursor().group(Delimiter::Brace) else { return false };
    let has_shape = || {
        let (_, colon) = inside.ident()?;
        let (punct, shape) = colon.punct()?;
        (punct.as_char() == ':' && shape.group(Delimiter::Bracket).is_some()).then_some(())
    };
    let is_arrow = rest.punct().is_some_and(|(punct, _)| punct.as_char() == '-');
    rest.group(Delimiter::Brace).is_some() || is_arrow || has_shape().is_some()
}

fn begins_item(input: ParseStream) -> bool {
    input.peek(Token![struct]) || input.peek(Token![const]) || input.peek(Token![pub]) || input.peek(Token![#])
}
