//! The values of options, shapes and sizes.

use proc_macro2::{Delimiter, Span, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, LitBool, LitFloat, LitInt, LitStr, Token, token};

use super::spelling::{next, parts, spelling};
use super::{Result, brackets, expected, parentheses, skip};
use crate::ast::{Argument, Expression, Shape, Value};
use crate::diagnostic::Diagnostic;

/// What an expression may be, as a help.
const EXPRESSIONS: &str = "write a number, a `const` of this `network!`, or + - * / and parentheses over them";

/// The help for a value that is converted.
const UNCONVERTED: &str = "leave `as` and the type out: where a value is written decides its type";

/// More operators than anybody writes: what evaluates an expression calls itself for each.
const MOST_OPERATORS: usize = 256;

/// Elements with commas between them.
pub fn list<T>(content: ParseStream, element: impl Fn(ParseStream) -> Result<T>, comma: &str) -> Result<Vec<T>> {
    let mut found = Vec::new();
    while !content.is_empty() {
        found.push(element(content)?);
        if !content.is_empty() {
            if !content.peek(Token![,]) {
                let is_mark = content.cursor().punct().is_some_and(|(next, _)| next.as_char() != ';');
                let goes_on = is_mark || content.peek(Token![as]) || content.peek(token::Paren);
                let Some(operator) = next(content.cursor()).filter(|_| goes_on) else {
                    return Err(expected(content, comma).help("separate them by commas"));
                };
                let error = format!("{operator} is not understood after a size or a number");
                let help = if content.peek(Token![as]) { UNCONVERTED } else { EXPRESSIONS };
                return Err(Diagnostic::new(content.span(), error).help(help));
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
    if content.peek(Token![-]) {
        batch(&content).map_or(Ok(()), Err)?;
    }
    sizes(span, &content)
}

/// The sizes between the brackets of a shape, or the numbers of a list.
fn sizes(span: Span, content: ParseStream) -> Result<Shape> {
    if !begins_negative(content) {
        batch(content).map_or(Ok(()), Err)?;
    }
    let semicolon = |content: ParseStream| {
        if content.peek(Token![;]) {
            let error = Diagnostic::new(content.span(), "a shape has no `;`");
            return Err(error.help("write the element type before the shape: `f32 [64]`"));
        }
        Ok(())
    };
    let element = |content: ParseStream| expression(content).and_then(|size| semicolon(content).map(|()| size));
    let sizes = list(content, element, "`,` between two sizes")?;
    Ok(Shape { span, sizes })
}

fn no_shape(input: ParseStream) -> Diagnostic {
    let written = match input.cursor().token_tree() {
        Some((TokenTree::Group(group), _)) if group.delimiter() == Delimiter::Parenthesis => {
            let inside = spelling(group.stream());
            if inside.contains(':') {
                return expected(input, "a shape").help(format!("write several in braces: `{{ {inside} }}`"));
            }
            format!("`[{inside}]`")
        }
        Some((TokenTree::Literal(size), _)) if input.peek(LitInt) => format!("`[{size}]`"),
        _ => "`[64]`, or `[1, 28, 28]`".into(),
    };
    expected(input, "a shape").help(format!("write it in brackets: {written}"))
}

/// What other frameworks write for the batch, where the first size of a shape is expected: `-1`, `?`, `_`, `:`, `..`.
fn batch(content: ParseStream) -> Option<Diagnostic> {
    let is_size = begins_expression(content) || content.is_empty();
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
        let (span, inner) = brackets(content)?;
        if !inner.peek(token::Bracket) {
            return sizes(span, &inner).map(Value::Shape);
        }
        return list(&inner, numbers, "`,` between two lists").map(|lists| Value::Lists(lists, span));
    }
    if let Some(pair) = pair(content)? {
        return Ok(pair);
    }
    if begins_expression(content) {
        return expression(content).map(Value::Expression);
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

/// A list in a list: `[1, 2]`.
fn numbers(input: ParseStream) -> Result<Shape> {
    if !input.peek(token::Bracket) {
        return Err(expected(input, "another list in brackets").help("write a list of lists: `[[1, 2], [0, 1]]`"));
    }
    let (span, content) = brackets(input)?;
    sizes(span, &content)
}

/// `(3, 5)`, as opposed to an expression in parentheses.
fn pair(content: ParseStream) -> Result<Option<Value>> {
    let Some((TokenTree::Group(group), _)) = content.cursor().token_tree() else { return Ok(None) };
    let has_comma =
        group.stream().into_iter().any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    if group.delimiter() != Delimiter::Parenthesis || !has_comma {
        return Ok(None);
    }
    let inner = parentheses(content)?;
    let sizes = list(&inner, expression, "`,` between the values of a pair")?;
    match <[Expression; 2]>::try_from(sizes) {
        Ok([first, second]) => Ok(Some(Value::Pair(first, second, group.span()))),
        Err(sizes) => {
            let error = Diagnostic::new(group.span(), format!("a pair has two values, but this has {}", sizes.len()));
            Err(error.help(match sizes.as_slice() {
                [size] => format!("write a single value without parentheses and comma: `{size}`"),
                _ => "write a pair of height and width, such as `(3, 5)`".into(),
            }))
        }
    }
}

/// Sums of products of literals, names and parentheses.
pub fn expression(input: ParseStream) -> Result<Expression> {
    sum(input, &mut 0)
}

/// Reads an expression; `operators` counts its operators so far.
type Operand = fn(ParseStream, &mut usize) -> Result<Expression>;

fn sum(input: ParseStream, operators: &mut usize) -> Result<Expression> {
    operations(input, ['+', '-'], operators, |input, operators| operations(input, ['*', '/'], operators, factor))
}

/// Operands with any of two operators between them, from left to right.
fn operations(input: ParseStream, known: [char; 2], operators: &mut usize, operand: Operand) -> Result<Expression> {
    let mut left = operand(input, operators)?;
    loop {
        let next = match input.cursor().punct() {
            Some((punct, _)) if known.contains(&punct.as_char()) && !input.peek(Token![->]) => punct.as_char(),
            _ => return Ok(left),
        };
        skip_operator(input, operators)?;
        left = Expression::Operation(Box::new(left), next, Box::new(operand(input, operators)?));
    }
}

fn skip_operator(input: ParseStream, operators: &mut usize) -> Result<()> {
    if *operators == MOST_OPERATORS {
        return Err(Diagnostic::new(input.span(), format!("an expression has more than {MOST_OPERATORS} operators")));
    }
    *operators += 1;
    skip(input);
    Ok(())
}

/// A literal, whose sign another macro may have made a part of it.
fn integer(literal: LitInt) -> Expression {
    match literal.to_string().strip_prefix('-') {
        None => Expression::Integer(literal),
        Some(rest) => {
            let span = literal.span();
            Expression::Negative(span, Box::new(Expression::Integer(LitInt::new(rest, span))))
        }
    }
}

fn begins_expression(input: ParseStream) -> bool {
    let is_number = input.peek(LitInt) || input.peek(LitFloat);
    is_number || input.peek(token::Paren) || begins_negative(input) || begins_path(input)
}

fn begins_negative(input: ParseStream) -> bool {
    input.peek(Token![-]) && !input.peek(Token![->])
}

fn begins_path(input: ParseStream) -> bool {
    input.peek(Ident)
        || input.peek(Token![::])
        || input.peek(Token![crate])
        || input.peek(Token![self])
        || input.peek(Token![super])
        || input.peek(Token![Self])
}

fn factor(input: ParseStream, operators: &mut usize) -> Result<Expression> {
    if begins_negative(input) {
        let sign = input.span();
        skip_operator(input, operators)?;
        return Ok(Expression::Negative(sign, Box::new(factor(input, operators)?)));
    }
    if input.peek(LitInt) {
        return Ok(integer(input.parse()?));
    }
    if input.peek(LitFloat) {
        return Ok(Expression::Float(input.parse()?));
    }
    if input.peek(token::Paren) {
        let content = parentheses(input)?;
        let inner = sum(&content, operators)?;
        return if content.is_empty() { Ok(inner) } else { Err(expected(&content, "`)`").help(EXPRESSIONS)) };
    }
    if begins_path(input) {
        let path = super::path(input)?;
        return Ok(path.get_ident().cloned().map_or_else(|| Expression::Path(path.clone()), Expression::Name));
    }
    Err(expected(input, "a number").help(EXPRESSIONS))
}
