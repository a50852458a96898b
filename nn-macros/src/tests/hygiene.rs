//! A name that the expansion binds begins with `__`: a pattern or a parameter that is named like a unit struct, a const or a
//! static of the user's would mean that.

use std::fs;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::EXPANSIONS;

/// The names that patterns of `let`, parameters and generic consts bind.
fn bound(tokens: TokenStream, delimiter: Delimiter, found: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
    let is_colon = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(colon)) => colon.as_char() == ':' && colon.spacing() == Spacing::Alone,
        _ => false,
    };
    let mut is_pattern = false;
    for (at, token) in tokens.iter().enumerate() {
        let after = |text: &str| at > 0 && is(at - 1, text);
        match token {
            TokenTree::Ident(name) if name == "let" => is_pattern = true,
            TokenTree::Group(group) if is_pattern => {
                let fields = group.stream().into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
                found.extend(fields.map(|field| field.to_string()));
                is_pattern = false;
            }
            TokenTree::Group(group) => bound(group.stream(), group.delimiter(), found),
            TokenTree::Ident(name) => {
                let is_bound = is(at + 2, "for"); // as in `Net: for<'a> Trait<'a>`
                let is_parameter =
                    delimiter == Delimiter::Parenthesis && is_colon(at + 1) && !is_bound && !after("$") && !after("'");
                let is_generic = after("const") && at > 1 && (is(at - 2, "<") || is(at - 2, ","));
                let is_variable = is_pattern && (is_colon(at + 1) || is(at + 1, "="));
                if is_parameter || is_generic || is_variable {
                    found.push(name.to_string());
                    is_pattern = false;
                }
            }
            _ => {}
        }
    }
}

fn bound_in(files: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))).expect("the file is there");
        bound(text.parse().expect("tokens"), Delimiter::None, &mut found);
    }
    found
}

#[test]
fn what_the_expansion_binds_is_named_as_no_item_of_a_user_is() {
    let expansions = EXPANSIONS.map(|name| vec![format!("tests/expansions/{name}.rs")]).into_iter();
    let written = ["written", "written/weights"].map(|name| format!("nn-runtime/src/{name}.rs"));
    for files in expansions.chain([written.to_vec()]) {
        let found = bound_in(&files);
        assert!(found.len() > 10, "{files:?}: {found:?}");
        let mistaken: Vec<_> = found.iter().filter(|name| *name != "self" && !name.starts_with("__")).collect();
        assert!(mistaken.is_empty(), "{files:?} bind {mistaken:?}");
    }
}
