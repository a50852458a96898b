//! The values of options, shapes and sizes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, LitBool, LitFloat, LitInt, LitStr, Token, token};

use super::spelling::{parts, spelling};
use super::{Result, brackets, expected, parentheses};
use crate::ast::{Argument, Shape, Size, Value};
use crate::diagnostic::Diagnostic;

/// What a size may be, as a help.
pub const SIZES: &str = "a size is a number, a `const` of this `network!`, or + - * / and parentheses over them";

/// More operators than anybody writes: the evaluation of a size calls itself for each.
const MOST_OPERATORS: usize = 256;

/// Elements with commas between them.
pub fn list<T>(content: ParseStream, element: impl Fn(ParseStream) -> Result<T>, comma: &str) -> Result<Vec<T>> {
    let mut found = Vec::new();
    while !content.is_empty() {
        found.push(element(content)?);
        if !content.is_empty() {
            if !content.peek(Token![,]) {
                let is_operator = content.cursor().punct().is_some_and(|(next, _)| next.as_char() != ';');
                let help = if is_operator { SIZES } else { "separate them by commas" };
                return Err(expected(content, comma).help(help));
            }
            super::skip(content);
        }
    }
    Ok(found)
}

pub fn shape(input: ParseStream) -> Result<Shape> {
    if !input.peek(token::Bracket) {
        return Err(no_shape(input));
    }
    let (span, content) = brackets(input)?;
    if let Some(error) = batch(&content) {
        return Err(error);
    }
    let semicolon = |content: ParseStream| {
        if content.peek(Token![;]) {
            let error = Diagnostic::new(content.span(), "a shape has no `;`");
            return Err(error.help("write the element type before the shape: `f32 [64]`"));
        }
        Ok(())
    };
    let element = |content: ParseStream| size(content).and_then(|size| semicolon(content).map(|()| size));
    let sizes = list(&content, element, "`,` between two sizes")?;
    Ok(Shape { span, sizes })
}

fn no_shape(input: ParseStream) -> Diagnostic {
    let written = match input.cursor().token_tree() {
        Some((TokenTree::Group(group), _)) if group.delimiter() == Delimiter::Parenthesis => {
            format!("`[{}]`", spelling(group.stream()))
        }
        Some((TokenTree::Literal(size), _)) if input.peek(LitInt) => format!("`[{size}]`"),
        _ => "`[64]`, or `[1, 28, 28]`".into(),
    };
    expected(input, "a shape").help(format!("write it in brackets: {written}"))
}

/// What other frameworks write for the batch, where the first size of a shape is expected: `-1`, `?`, `_`, `:`, `..`.
fn batch(content: ParseStream) -> Option<Diagnostic> {
    let is_size = begins_size(content) || content.peek(LitFloat) || content.is_empty();
    let is_other = content.peek(token::Bracket) || content.peek(token::Brace) || content.peek(token::Paren);
    if (is_size && !content.peek(Token![_]) && !content.peek(Token![-])) || is_other {
        return None;
    }
    let tokens = content.cursor().token_stream();
    let (first, rest) = parts(tokens).split_first().map(|(first, rest)| (first.clone(), rest.to_vec()))?;
    if rest.is_empty() && content.peek(Token![-]) {
        return None;
    }
    let rest: Vec<_> = rest.into_iter().map(spelling).collect();
    let example = if rest.is_empty() { "64".into() } else { rest.join(", ") };
    let error = Diagnostic::new(content.span(), format!("`{}` is not a size", spelling(first)));
    Some(error.help(format!("shapes are written without the batch, and with every size: `[{example}]`")))
}

/// `value` or `name = value`
pub fn argument(content: ParseStream) -> Result<Argument> {
    let mut name = None;
    if content.peek(Ident::peek_any) && !content.peek2(Token![::]) {
        let start = content.fork();
        let is_other = [start.peek2(Token![:]), start.peek2(Token![==]), start.peek2(Token![=>])].contains(&true);
        if is_other || start.peek2(Token![=]) {
            name = content.call(Ident::parse_any).ok();
        }
        if is_other {
            let name = name.map(|name| name.to_string()).unwrap_or_default();
            let error = expected(content, &format!("`=` after the option `{name}`"));
            let is_mark =
                |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if ":=>".contains(punct.as_char()));
            let rest = content.cursor().token_stream().into_iter().skip_while(is_mark).collect();
            let value = parts(rest).into_iter().next().map_or_else(|| "..".into(), spelling);
            return Err(error.help(format!("write `{name} = {value}`")));
        }
        if name.is_some() {
            super::skip(content);
        }
    }
    Ok(Argument { name, value: value(content)? })
}

fn value(content: ParseStream) -> Result<Value> {
    if content.peek(LitBool) {
        let literal: LitBool = content.parse()?;
        return Ok(Value::Bool(literal.value, literal.span));
    }
    if content.peek(LitStr) {
        let literal: LitStr = content.parse()?;
        return Ok(Value::Text(literal.value(), literal.span()));
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
    if begins_size(content) {
        return size(content).map(Value::Size);
    }
    if content.peek(Token![.]) {
        return Err(expected(content, "the value of an option").help("write the zero before the point: `0.5`"));
    }
    if content.peek(Token![#]) {
        return Err(expected(content, "the value of an option").help("write a comment between options with `//`"));
    }
    Err(expected(content, "the value of an option")
        .help("a value is a number, a pair such as `(3, 5)`, `true` or `false`"))
}

fn float(content: ParseStream) -> Result<Value> {
    let first = content.span();
    let sign = if content.parse::<Option<Token![-]>>()?.is_some() { -1.0 } else { 1.0 };
    let (last, magnitude): (_, f64) = if content.peek(LitInt) {
        let literal: LitInt = content.parse()?;
        (literal.span(), literal.base10_parse()?)
    } else if content.peek(LitFloat) {
        let literal: LitFloat = content.parse()?;
        if !matches!(literal.suffix(), "" | "f32" | "f64") {
            return Err(expected_number(literal.span(), &literal));
        }
        (literal.span(), literal.base10_parse()?)
    } else {
        return Err(expected(content, "a number after `-`").help("write it with its sign: `-0.5`"));
    };
    if !magnitude.is_finite() {
        return Err(Diagnostic::new(last, "the number is too large"));
    }
    Ok(Value::Float(sign * magnitude, [first, last]))
}

fn expected_number(span: proc_macro2::Span, literal: &LitFloat) -> Diagnostic {
    Diagnostic::new(span, format!("expected a number, found `{literal}`"))
        .help(format!("write `{}`", literal.base10_digits()))
}

/// `(3, 5)`, as opposed to a size in parentheses.
fn pair(content: ParseStream) -> Result<Option<Value>> {
    let Some((TokenTree::Group(group), _)) = content.cursor().token_tree() else { return Ok(None) };
    let has_comma =
        group.stream().into_iter().any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    if group.delimiter() != Delimiter::Parenthesis || !has_comma {
        return Ok(None);
    }
    let inner = parentheses(content)?;
    let sizes = list(&inner, size, "`,` between the values of a pair")?;
    match <[Size; 2]>::try_from(sizes) {
        Ok([first, second]) => Ok(Some(Value::Pair(first, second, group.span()))),
        Err(sizes) => {
            let error = Diagnostic::new(group.span(), format!("a pair has two values, but this has {}", sizes.len()));
            Err(error.help("write a pair of height and width, such as `(3, 5)`"))
        }
    }
}

/// Sums of products of literals, names and parentheses.
pub fn size(input: ParseStream) -> Result<Size> {
    operations(input, ['+', '-'], |input| operations(input, ['*', '/'], factor))
}

/// Operands with any of two operators between them, from left to right.
fn operations(input: ParseStream, operators: [char; 2], operand: impl Fn(ParseStream) -> Result<Size>) -> Result<Size> {
    let mut left = operand(input)?;
    for _ in 0..MOST_OPERATORS {
        let next = match input.cursor().punct() {
            Some((punct, _)) if operators.contains(&punct.as_char()) && !input.peek(Token![->]) => punct.as_char(),
            _ => return Ok(left),
        };
        super::skip(input);
        left = Size::Operation(Box::new(left), next, Box::new(operand(input)?));
    }
    Err(Diagnostic::new(input.span(), format!("a size has more than {MOST_OPERATORS} operators")))
}

fn begins_size(input: ParseStream) -> bool {
    input.peek(LitInt) || input.peek(token::Paren) || input.peek(token::Group) || begins_path(input)
}

fn begins_path(input: ParseStream) -> bool {
    input.peek(Ident)
        || input.peek(Token![::])
        || input.peek(Token![crate])
        || input.peek(Token![self])
        || input.peek(Token![super])
        || input.peek(Token![Self])
}

fn factor(input: ParseStream) -> Result<Size> {
    if input.peek(token::Group) {
        return invisible(input);
    }
    if input.peek(LitInt) {
        return literal(&input.parse()?);
    }
    if input.peek(token::Paren) {
        let content = parentheses(input)?;
        let inner = size(&content)?;
        return if content.is_empty() { Ok(inner) } else { Err(expected(&content, "`)`").help(SIZES)) };
    }
    if begins_path(input) {
        let path = super::path(input)?;
        return Ok(path.get_ident().cloned().map_or_else(|| Size::Path(path.clone()), Size::Name));
    }
    if input.peek(Token![-]) {
        return Err(Diagnostic::new(input.span(), "a size cannot be negative").help(SIZES));
    }
    if input.peek(LitFloat) {
        let literal: LitFloat = input.parse()?;
        return Err(
            Diagnostic::new(literal.span(), format!("a size is a whole number, but this is `{literal}`")).help(SIZES)
        );
    }
    Err(expected(input, "a size").help(SIZES))
}

/// An expression that came through another macro, in brackets that nobody sees.
fn invisible(input: ParseStream) -> Result<Size> {
    let stream: TokenStream = input.step(|cursor| {
        let group = cursor.group(Delimiter::None);
        group.map(|(inner, _, rest)| (inner.token_stream(), rest)).ok_or_else(|| cursor.error("expected a size"))
    })?;
    // what the parser says of tokens that are left over comes second
    let mut found = Err(Diagnostic::new(input.span(), "expected a size").help(SIZES));
    let _ = (|content: ParseStream| {
        found = size(content);
        content.parse::<TokenStream>()
    })
    .parse2(stream);
    found
}

fn literal(literal: &LitInt) -> Result<Size> {
    let (span, digits) = (literal.span(), literal.base10_digits());
    if let Some(others) = literal.suffix().strip_prefix('x') {
        let sizes = format!("{digits}, {}", others.replace('x', ", "));
        let error = Diagnostic::new(span, format!("expected a size, found `{literal}`"));
        let pair = if others.contains('x') { String::new() } else { format!(", or `({sizes})` as an option") };
        return Err(error.help(format!("separate sizes by commas: `[{sizes}]` as a shape{pair}")));
    }
    if !matches!(literal.suffix(), "" | "usize") {
        let error = format!("a size is a `usize`, but this is a `{}`", literal.suffix());
        return Err(Diagnostic::new(span, error).help(format!("write `{digits}`")));
    }
    match literal.base10_parse() {
        Ok(value) => Ok(Size::Literal(value, span)),
        Err(_) if digits.starts_with('-') => Err(Diagnostic::new(span, "a size cannot be negative").help(SIZES)),
        Err(_) => Err(Diagnostic::new(span, format!("`{literal}` is too large for a size"))),
    }
}
