//! Messages as the compiler gets them, and what is written for a struct.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::expand_all;

fn expanded(input: &str) -> TokenStream {
    expand_all(&quote!(::nn_runtime), input.parse().expect("the input is made of tokens"))
}

/// The messages, in order.
fn messages(tokens: TokenStream, found: &mut Vec<String>) {
    let mut is_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => is_error = name == "compile_error",
            TokenTree::Group(group) if is_error => {
                found.extend(syn::parse2::<syn::LitStr>(group.stream()).map(|text| text.value()));
            }
            TokenTree::Group(group) => messages(group.stream(), found),
            _ => {}
        }
    }
}

fn check(input: &str, expected: &[&str]) {
    let mut found = Vec::new();
    messages(expanded(input), &mut found);
    assert_eq!(found, expected, "for `{input}`");
}

#[test]
fn each_mistake_is_one_error() {
    let rust = "\nhelp: write it like any struct of Rust with named fields: `pub struct Scale { pub factor: SVector<f32, 8> }`";
    check(
        "enum A { B }",
        &["`A` is an enum, but a layer is a struct, whose fields are its tensors\n\
        help: write `struct A { .. }`, or `struct A;`"],
    );
    check(
        "struct A(f32, f64);",
        &["the fields of `A` have no names, which its tensors are called by\n\
        help: name them: `struct A { weight: f32 }`"],
    );
    check(
        "struct A<'a> { a: &'a f32 }",
        &["`A` borrows, but a layer owns its parameters\n\
        help: remove the lifetime, and let the fields be matrices, vectors, arrays or numbers"],
    );
    check(
        "struct A { a: [f32; 2], b: f32, c: SMatrix<f64, 2, 3> }",
        &["`c` has values of `f64`, but `a` of `f32`\n\
        help: let all fields of a layer be of one type"],
    );
    check(
        "struct A<T: Scalar> { a: Vec<T> }",
        &["`a` is of type `Vec<T>`, which is not known to be a tensor\n\
        help: a generic `A` has a field that is written as `SMatrix<..>`, `SVector<..>` or an array"],
    );
    check("struct A { a }", &[&format!("expected `:`{rust}")]);
    check(
        "struct A { a: f32 } fn b() {}",
        &["`layer!` takes structs, but this is `fn`\nhelp: write it behind `layer! { .. }`"],
    );
    check(
        "struct A { a: f32 } pub",
        &["`layer!` takes structs, but this is the end\nhelp: write it behind `layer! { .. }`"],
    );
}

#[test]
fn a_name_is_taken_once() {
    let help = "\nhelp: rename or remove one of them";
    check("struct A; struct A { b: f32 }", &[&format!("`A` is declared twice in this `layer!`{help}")]);
    check("struct A { b: f32, r#b: [f32; 2] }", &[&format!("`A` has two fields `b`{help}")]);
    check("#[cfg(a)] struct A; #[cfg(not(a))] struct A { #[cfg(b)] c: f32, #[cfg(not(b))] c: [f32; 2] }", &[]);
}

#[test]
fn all_mistakes_are_reported() {
    check(
        "#[repr(packed)] #[state] struct A { #[state = 1] a: f32, b: f64 } union B { a: f32 }",
        &[
            "a layer's struct has its `repr` already, so that it is a part of the network's flat slice\nhelp: remove it",
            "`#[state]` marks a field, not the struct\nhelp: write it before each field that is a running statistic",
            "`state` takes no arguments\nhelp: write `#[state]`",
            "`b` has values of `f64`, but `a` of `f32`\nhelp: let all fields of a layer be of one type",
            "`B` is a union, but a layer is a struct, whose fields are its tensors\nhelp: write `struct B { .. }`, or `struct B;`",
        ],
    );
}

fn has(input: &str, expected: &str) -> bool {
    let plain = |tokens: TokenStream| tokens.to_string().split_whitespace().collect::<String>();
    plain(expanded(input)).contains(&plain(expected.parse().expect("tokens")))
}

#[test]
fn derives_and_attributes_are_kept_once() {
    let input = "/// Docs.\n#[derive(Clone, Default, bytemuck::Pod)] #[bytemuck(crate = \"b\")] #[must_use] struct A { #[doc(hidden)] pub(crate) a: f32 }";
    assert!(has(
        input,
        "#[repr(C)] /// Docs.\n #[derive(Default)] #[must_use] struct A { #[doc(hidden)] pub(crate) a: f32 }"
    ));
    assert!(has("#[cfg(test)] struct A { a: Odd }", "#[cfg(test)] #[automatically_derived] impl"));
    assert!(has("#[cfg(test)] struct A { #[cfg(a)] a: Odd }", "#[cfg(test)] #[cfg(a)] #[cfg(doc)]"));
}

/// A type that another macro hands over stands in invisible brackets.
#[test]
fn a_type_from_another_macro_is_known() {
    let kind = proc_macro2::Group::new(proc_macro2::Delimiter::None, quote!(SMatrix<f32, 8, 1>));
    let written = expand_all(&quote!(::nn_runtime), quote!(struct A { a: #kind })).to_string();
    assert!(written.contains("& [8 , 1]"), "{written}");
    assert!(!written.contains("__A_field0"), "{written}");
}

/// Whatever is cut off or left out, there are tokens, and no panic.
#[test]
fn no_input_makes_the_macro_panic() {
    let input = "#[derive(Debug)] #[state] pub(in a::b) struct A<'a, T: Scalar, const N: usize> where T: B { #[state(x)] r#a: SMatrix<T, {N + 1}, 3>, b: [[T; 2]; N] } enum B { C } struct D(f32); impl E for F {}";
    let tokens: Vec<TokenTree> = input.parse::<TokenStream>().expect("tokens").into_iter().collect();
    for start in 0..tokens.len() {
        for end in start..=tokens.len() {
            let part: TokenStream = tokens[start..end].iter().cloned().collect();
            assert!(!expand_all(&quote!(::nn_runtime), part).is_empty());
        }
    }
    let fields: TokenStream = "#[state(x)] r#a: SMatrix<T, {N + 1}, 3>, b: [[T; 2]; N]".parse().expect("tokens");
    for end in 0..fields.clone().into_iter().count() {
        let part: TokenStream = fields.clone().into_iter().take(end).collect();
        assert!(!expand_all(&quote!(::nn_runtime), quote!(struct A<T, const N: usize> { #part })).is_empty());
    }
}
