//! Invisible delimiters, which the compiler puts around what another macro received as an expression, a type, a path or a
//! literal.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens without invisible brackets. What was in them reads as if it were written there directly; a sum or a product
/// gets parentheses, so that it keeps its value whatever stands around it.
pub fn open(stream: TokenStream) -> TokenStream {
    opened(&stream).unwrap_or(stream)
}

/// `None` if there are no such brackets: new groups would lose where their brackets are.
fn opened(stream: &TokenStream) -> Option<TokenStream> {
    let mut is_changed = false;
    let mut tokens: Vec<TokenTree> = Vec::new();
    for token in stream.clone() {
        let TokenTree::Group(group) = token else {
            tokens.push(token);
            continue;
        };
        let inner = opened(&group.stream());
        is_changed |= inner.is_some() || group.delimiter() == Delimiter::None;
        match (group.delimiter(), inner) {
            (Delimiter::None, inner) => {
                let inner = inner.unwrap_or_else(|| group.stream());
                if is_arithmetic(&inner) {
                    tokens.push(within(Delimiter::Parenthesis, inner, &group));
                } else {
                    tokens.extend(inner);
                }
            }
            (delimiter, Some(inner)) => tokens.push(within(delimiter, inner, &group)),
            (_, None) => tokens.push(group.into()),
        }
    }
    is_changed.then(|| tokens.into_iter().collect())
}

fn within(delimiter: Delimiter, inner: TokenStream, place: &Group) -> TokenTree {
    let mut group = Group::new(delimiter, inner);
    group.set_span(place.span());
    group.into()
}

/// Whether the tokens are an expression with one of the operators `+ - * /`, rather than an item, an assignment or a type.
fn is_arithmetic(stream: &TokenStream) -> bool {
    let (mut has_operator, mut after_minus) = (false, false);
    for token in stream.clone() {
        let TokenTree::Punct(mark) = token else {
            after_minus = false;
            continue;
        };
        match mark.as_char() {
            '=' | ';' => return false,
            '>' if after_minus => return false, // `->`
            '+' | '-' | '*' | '/' => has_operator = true,
            _ => {}
        }
        after_minus = mark.as_char() == '-';
    }
    has_operator
}
