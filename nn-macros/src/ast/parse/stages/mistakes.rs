//! What is wrong where a stage was expected, with the stage as it should be written.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitStr, Path, Token, token};

use super::super::spelling::{parts, spelling};
use super::super::{expected, skip};
use crate::ast::{Keyword, Layer, Stage};
use crate::diagnostic::{Diagnostic, Extent};
use crate::elsewhere;
use crate::layers::{self, STRUCTURES};
use crate::model::options::Kind as OptionKind;

/// How a layer is written.
pub const LAYER: &str = "write a keyword such as `linear(10)`, or the path of a type";

/// Something else than `,` after a stage.
pub fn missing_comma(body: ParseStream, last: Option<&Stage>) -> Diagnostic {
    let error = expected(body, "`,` between two stages");
    match last.map(|stage| &stage.layer) {
        Some(Layer::Keyword(Keyword { name, options, body: None, .. })) if options.is_empty() => {
            let is_equals = body.peek(Token![=]) && !body.peek(Token![=>]) && !body.peek(Token![==]);
            let value = body.fork();
            if is_equals {
                skip(&value);
            }
            let is_layer = layers::is_keyword(name);
            if let (Ok(value), true) = (value.parse::<Lit>(), is_layer) {
                let value = spelling(quote::quote!(#value));
                let stages = if name == "repeat" { " { linear(8), relu }" } else { "" };
                return error.help(format!("options go in parentheses: `{name}({value}){stages}`"));
            }
            if is_equals {
                return error.help(format!("a stage is named with a colon: `{name}: linear(8)`"));
            }
            if body.peek(Token![!]) {
                return error.help(format!("a layer is no macro: write `{name}` without `!`"));
            }
        }
        Some(Layer::Type(path, Some(_))) if body.peek(Token![.]) => {
            return error.help(elsewhere::layers::help(&spelling(quote::quote!(#path))));
        }
        _ => {}
    }
    if body.peek(Token![*]) {
        return error.help("stages are repeated by `repeat(3) { linear(8), relu }`");
    }
    if body.peek(token::Bracket) {
        return error.help(
            "a value has no indices here; the last step of [steps, features] is taken by a stage of its own: `lstm(8), last`",
        );
    }
    error.help("separate stages by commas: `linear(8), relu`")
}

/// Something else than a shape after the `->` of a stage.
pub fn annotation(body: ParseStream) -> Diagnostic {
    expected(body, "a shape after `->`").help(
        "separate stages by commas: `linear(8), relu`; after `->` write the shape that the stage makes: `linear(8) -> [8]`",
    )
}

/// Something else than a layer.
pub fn no_layer(body: ParseStream, stage: Option<&Ident>) -> Diagnostic {
    let error = expected(body, "a layer");
    if let Ok(text) = body.fork().parse::<LitStr>() {
        let help = format!("write keywords without quotes: `{}`", text.value());
        return if text.value().contains('`') { error } else { error.help(help) };
    }
    let fork = body.fork();
    if let Ok(value) = fork.parse::<Lit>() {
        if fork.peek(Token![*]) {
            return error.help("stages are repeated by `repeat(3) { linear(8), relu }`");
        }
        let keyword = stage.filter(|name| layers::is_keyword(name));
        let keyword = keyword.map_or_else(|| "linear".into(), Ident::to_string);
        let value = spelling(quote::quote!(#value));
        return error.help(format!("options go in parentheses: `{keyword}({value})`"));
    }
    error.help(match word(body).as_str() {
        "let" | "mut" | "var" => "a stage is named with a colon: `fc: linear(8)`",
        "for" | "while" | "loop" => "stages are repeated by `repeat(3) { linear(8), relu }`",
        "if" | "match" | "else" => "the stages of a network are fixed: remove the condition",
        "return" => "the last stage is the output: remove `return`",
        "fn" | "impl" | "struct" | "const" | "use" | "enum" | "type" | "pub" | "static" => {
            "the braces of a network hold stages, such as `linear(8), relu`: move this out of them"
        }
        _ if body.peek(token::Paren) => "write stages one after the other, without parentheses around them",
        _ if body.peek(token::Bracket) && body.peek2(Token![:]) => {
            "names of parts go in parentheses: `(gate, signal): chunk(2)`"
        }
        _ if body.peek(token::Bracket) => "branches go in a structure: `add { [linear(8)], [linear(8), relu] }`",
        _ if body.peek(token::Brace) => {
            "write stages one after the other, or name a structure before the braces: `residual { linear(8), relu }`"
        }
        _ => LAYER,
    })
}

/// The word that is next, if one is.
fn word(input: ParseStream) -> String {
    input.fork().call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default()
}

/// `linear<8>` and `linear::<8>`, whose path begins at `start`; the stream is at `<`.
pub fn generic(start: ParseStream, body: ParseStream) -> Diagnostic {
    let mut name = TokenStream::new();
    while !start.is_empty() && !start.peek(Token![<]) {
        name.extend(start.parse::<TokenTree>());
    }
    let name = spelling(name).trim_end_matches("::").to_owned();
    let span = body.span();
    let values = spelling(angles(body));
    if name.starts_with(char::is_lowercase) && !name.contains("::") {
        let error = Diagnostic::new(span, "options go in parentheses, not angle brackets");
        return error.help(format!("write `{name}({values})`"));
    }
    if elsewhere::layers::is_known(name.rsplit("::").next().unwrap_or_default()) {
        return elsewhere::layers::unknown(&name, [span; 2]);
    }
    let error = Diagnostic::new(span, format!("`{name}` has generic arguments, which a stage cannot have"));
    error.help(format!("give the type a name outside of `network!`: `type MyLayer = {name}<{values}>;`"))
}

/// What is between `<` and its `>`, both of which are skipped.
fn angles(body: ParseStream) -> TokenStream {
    let (mut inside, mut depth) = (TokenStream::new(), 0_usize);
    while let Ok(token) = body.parse::<TokenTree>() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        inside.extend([token]);
    }
    inside.into_iter().skip(1).collect()
}

/// `nn.Linear(8)`
pub fn dotted(start: ParseStream) -> Diagnostic {
    let mut extent: Extent = [start.span(); 2];
    let mut written = start.call(Path::parse_mod_style).map(|path| spelling(quote::quote!(#path))).unwrap_or_default();
    while start.peek(Token![.]) && start.peek2(Ident::peek_any) {
        skip(start);
        extent[1] = start.span();
        written.push('.');
        written.push_str(&word(start));
        skip(start);
    }
    elsewhere::layers::unknown(&written, extent)
}

/// The wrong brackets after a keyword: options in brackets or braces, stages in parentheses.
pub fn brackets(body: ParseStream, name: &Ident) -> Option<Diagnostic> {
    let (inside, delimiter, after) = [Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::Brace]
        .into_iter()
        .find_map(|delimiter| body.cursor().group(delimiter).map(|(inside, _, after)| (inside, delimiter, after)))?;
    let (tokens, keyword) = (inside.token_stream(), name.to_string());
    let is_structure = STRUCTURES.contains(&keyword.as_str());
    let has_body = after.group(Delimiter::Brace).is_some();
    let what = if has_branches(&keyword) { "branches" } else { "stages" };
    let error = |text: String, right: String| Some(Diagnostic::new(body.span(), text).help(format!("write `{right}`")));
    match delimiter {
        Delimiter::Bracket if is_structure && !has_body => {
            error(format!("the {what} of `{keyword}` go in braces, not brackets"), structure(&keyword, tokens))
        }
        Delimiter::Parenthesis if is_structure && !has_body && has_stages(tokens.clone()) => {
            error(format!("the {what} of `{keyword}` go in braces, not parentheses"), structure(&keyword, tokens))
        }
        Delimiter::Bracket => {
            let body = if has_body { " { .. }" } else { "" };
            let is_shape = layers::all().any(|layer| {
                layer.keyword == keyword && layer.options.first().is_some_and(|option| option.kind == OptionKind::Shape)
            });
            let right = if is_shape { format!("{keyword}([{}])", spelling(tokens)) } else { options(&keyword, tokens) };
            error("options go in parentheses, not brackets".into(), right + body)
        }
        Delimiter::Brace if !is_structure && has_options(&keyword, tokens.clone()) => {
            error("options go in parentheses, not braces".into(), options(&keyword, tokens))
        }
        _ => None,
    }
}

/// Whether tokens in parentheses are stages: they have brackets in them, or name a layer.
fn has_stages(tokens: TokenStream) -> bool {
    parts(tokens).into_iter().any(|part| {
        let mut part = part.into_iter();
        match part.next() {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Bracket,
            Some(TokenTree::Ident(name)) => {
                layers::keywords().any(|keyword| name == keyword) || matches!(part.next(), Some(TokenTree::Group(_)))
            }
            _ => false,
        }
    })
}

/// Whether the braces after the keyword of a layer hold its options, and not stages.
fn has_options(keyword: &str, tokens: TokenStream) -> bool {
    let Some(layer) = layers::all().find(|layer| layer.keyword == keyword) else { return false };
    let is_option = |name: &Ident| layer.options.iter().any(|option| *name == option.name);
    match tokens.into_iter().next() {
        Some(TokenTree::Literal(_)) => true,
        Some(TokenTree::Ident(name)) => {
            is_option(&name) || name.to_string().chars().all(|letter| !letter.is_lowercase())
        }
        _ => false,
    }
}

/// A layer with these options, a colon after a name put right.
fn options(keyword: &str, tokens: TokenStream) -> String {
    if tokens.is_empty() {
        return keyword.into();
    }
    let equals = |token| match token {
        TokenTree::Punct(punct) if punct.as_char() == ':' => {
            TokenTree::Punct(proc_macro2::Punct::new('=', proc_macro2::Spacing::Alone))
        }
        token => token,
    };
    format!("{keyword}({})", spelling(tokens.into_iter().map(equals).collect()))
}

/// Whether a structure has branches in brackets.
fn has_branches(keyword: &str) -> bool {
    ["add", "concat", "mul", "sub"].contains(&keyword)
}

/// A structure with these stages or branches in braces, and its options before them.
fn structure(keyword: &str, tokens: TokenStream) -> String {
    let is_option = |part: &TokenStream| {
        let mut part = part.clone().into_iter();
        let is_number = matches!(part.next(), Some(TokenTree::Literal(_)));
        is_number || matches!(part.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
    };
    let (options, stages): (Vec<_>, Vec<_>) = parts(tokens).into_iter().partition(is_option);
    let join = |parts: Vec<String>| parts.join(", ");
    let options = join(options.into_iter().map(spelling).collect());
    let stage = |stage: TokenStream| match spelling(stage) {
        branch if has_branches(keyword) && !branch.starts_with('[') => format!("[{branch}]"),
        stage => stage,
    };
    let stages = join(stages.into_iter().map(stage).collect());
    let options = if options.is_empty() { options } else { format!("({options})") };
    format!("{keyword}{options} {{ {stages} }}")
}
