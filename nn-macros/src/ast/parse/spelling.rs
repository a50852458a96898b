//! Tokens as a message shows them: the compiler's own form changes from version to version.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::buffer::Cursor;

/// The longest code that a message repeats.
const LONGEST: usize = 60;

/// Operators of more than one character, the longer first.
const OPERATORS: &[&str] =
    &["...", "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "..", "|>", ">>", "<<", "&&", "||", "**"];

/// The tokens as code, or `..` if that is long.
pub fn spelling(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text, &mut Last::Open);
    if text.chars().count() > LONGEST { "..".into() } else { text }
}

/// The elements between commas, each as code.
pub fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let mut found = vec![TokenStream::new()];
    for token in tokens {
        match (&token, found.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => found.push(TokenStream::new()),
            (_, Some(last)) => last.extend([token]),
            _ => {}
        }
    }
    found.retain(|part| !part.is_empty());
    found
}

/// What is next, as it is named after "found".
pub fn next(cursor: Cursor) -> Option<String> {
    let (token, rest) = cursor.token_tree()?;
    Some(match &token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "`(`".into(),
            Delimiter::Brace => "`{`".into(),
            Delimiter::Bracket => "`[`".into(),
            Delimiter::None => format!("`{}`", spelling(group.stream())),
        },
        TokenTree::Punct(punct) if punct.as_char() == '#' && is_doc(rest) => "a doc comment".into(),
        TokenTree::Punct(punct) if punct.as_char() == '\'' => match rest.ident() {
            Some((name, _)) => format!("`'{name}`"),
            None => "`'`".into(),
        },
        TokenTree::Punct(punct) => format!("`{}`", operator(punct.as_char(), rest)),
        token => format!("`{token}`"),
    })
}

/// The operator that begins with this character.
fn operator(first: char, mut rest: Cursor) -> String {
    let mut text = String::from(first);
    while let Some((next, after)) = rest.punct().filter(|_| text.len() < 3) {
        text.push(next.as_char());
        rest = after;
    }
    OPERATORS.iter().find(|operator| text.starts_with(**operator)).map_or(first.into(), |operator| (*operator).into())
}

/// Whether the brackets of an attribute hold a doc comment.
pub fn is_doc(rest: Cursor) -> bool {
    let rest = rest.punct().filter(|(punct, _)| punct.as_char() == '!').map_or(rest, |(_, rest)| rest);
    let inside = rest.group(Delimiter::Bracket).and_then(|(inside, ..)| inside.ident());
    inside.is_some_and(|(name, _)| name == "doc")
}

/// What the text ends with.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// The beginning, or what binds to the next token.
    Open,
    Word,
    /// An operator or a comma.
    Operator,
}

fn write(tokens: TokenStream, text: &mut String, last: &mut Last) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => write_group(&group, text, last),
            TokenTree::Punct(punct) => {
                let mut run = String::from(punct.as_char());
                let joins = |run: &str, next: char| {
                    OPERATORS.iter().any(|operator| operator.starts_with(&format!("{run}{next}")))
                };
                while let Some(TokenTree::Punct(next)) = tokens.peek()
                    && joins(&run, next.as_char())
                {
                    run.push(next.as_char());
                    tokens.next();
                }
                write_operator(&run, text, last);
            }
            word => {
                space(text, *last);
                text.push_str(&word.to_string());
                *last = Last::Word;
            }
        }
    }
}

fn space(text: &mut String, last: Last) {
    if last != Last::Open {
        text.push(' ');
    }
}

fn write_group(group: &proc_macro2::Group, text: &mut String, last: &mut Last) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    };
    if *last == Last::Operator || *last == Last::Word && group.delimiter() != Delimiter::Parenthesis {
        text.push(' ');
    }
    text.push_str(open);
    *last = Last::Open;
    write(group.stream(), text, last);
    text.push_str(close);
    *last = Last::Word;
}

fn write_operator(operator: &str, text: &mut String, last: &mut Last) {
    *last = match operator {
        "," | ";" | ":" => Last::Operator,
        "." | "::" | "!" | "?" | "#" | "'" | "&" => {
            if *last == Last::Operator {
                text.push(' ');
            }
            Last::Open
        }
        "-" if *last != Last::Word => {
            space(text, *last);
            Last::Open
        }
        _ => {
            space(text, *last);
            Last::Operator
        }
    };
    text.push_str(operator);
}
