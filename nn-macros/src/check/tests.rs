//! Messages as the compiler gets them, and that no input whatever makes the macro panic.

mod random;

use proc_macro2::{TokenStream, TokenTree};

use crate::expand_all;

/// The messages of an invocation, in order.
fn messages(input: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(expand_all(input.parse().expect("the input is made of tokens")), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let mut is_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => is_error = name == "compile_error",
            TokenTree::Group(group) if is_error => {
                found.extend(syn::parse2::<syn::LitStr>(group.stream()).map(|text| text.value()));
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            _ => {}
        }
    }
}

fn check(input: &str, expected: &[&str]) {
    assert_eq!(messages(input), expected, "for `{input}`");
}

#[test]
fn one_mistake_is_one_error() {
    check(
        "struct A: [4] -> [2] { liner(8), relu, linear(2) } struct B: [4] -> [2] { A } struct C: [4] -> [2] { B, relu }",
        &["unknown layer `liner`\nhelp: a layer with a similar name exists: `linear`"],
    );
    check(
        "const N: usize = 1 / 0; const M: usize = N * 2; struct A: [M] -> [2] { linear(2) }",
        &["`1 / 0` divides by zero"],
    );
    check(
        "struct A: [4] -> { linear(8) } struct B: [4] -> [8] { A }",
        &["expected a shape, found `{`\nhelp: write it in brackets: `[64]`, or `[1, 28, 28]`"],
    );
}

#[test]
fn after_a_wrong_shape_names_and_options_are_still_checked() {
    let found =
        messages("struct A: [1, 8, 8] -> [2] { linear(8), gelo, linear(0), relu(3), conv2d(2, kernel_size = 99) }");
    let first: Vec<_> = found.iter().filter_map(|message| message.lines().next()).collect();
    assert_eq!(
        first,
        [
            "`linear` takes [features] or [steps, features], but its input has shape [1, 8, 8]",
            "unknown layer `gelo`",
            "`out_features` of `linear` is at least 1, but this is 0",
            "`relu` has no options, but a value is given",
        ]
    );
}

#[test]
fn a_name_stands_for_one_thing() {
    check(
        "struct Net: [4] -> [2] { fc_1: linear(8), fc1: linear(2) }",
        &[
            "`NetFc1` would be both the struct of the stage `fc_1` of `Net` and the struct of the stage `fc1` of `Net`\nhelp: write another name",
        ],
    );
    check("struct Net: [4] -> [2] { fc_1: relu, fc1: linear(2) }", &[]);
    check("struct Net: [4] -> [2] { state: linear(8), frozen: linear(2) }", &[]);
    check(
        "struct Net: [5, 4] -> [5, 2] { state: linear(2) }",
        &[
            "`NetState` would be both the state of `Net` and the struct of the stage `state` of `Net`\nhelp: write another name",
        ],
    );
}

#[test]
fn expressions_of_other_macros_keep_their_value() {
    let sum: TokenStream = "1 + 1".parse().expect("tokens");
    let sum = proc_macro2::Group::new(proc_macro2::Delimiter::None, sum);
    let input = quote::quote!(struct Net: [#sum * 2] -> [4] { relu });
    let mut found = Vec::new();
    collect(expand_all(input), &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn no_network_is_too_large() {
    let error = "a network has more than 4096 stages\nhelp: declare a part of it as a network of its own, and use that as a layer";
    check("struct Net: [1] -> [1] { repeat(1000) { repeat(1000) { repeat(1000) { relu } } } }", &[error]);
}

#[test]
fn no_depth_is_too_deep() {
    let nested = |open: &str, close: &str| format!("{}2{}", open.repeat(5000), close.repeat(5000));
    check(&format!("struct Net: [{}] -> [2] {{ relu }}", nested("(", ")")), &["brackets are nested more than 64 deep"]);
    let sum = "1 + ".repeat(5000);
    check(&format!("struct Net: [{sum} 1] -> [2] {{ relu }}"), &["a size has more than 256 operators"]);
}
