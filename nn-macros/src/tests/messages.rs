//! Messages as the compiler gets them, and that no input whatever makes the macro panic.

mod random;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::expand_all;

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

/// The turns of a `repeat` inside of another have names of their own.
#[test]
fn turns_inside_of_turns_have_names_of_their_own() {
    check("struct Net: [2] -> [2] { repeat(11) { block: repeat(11) { fc: linear(2) } } }", &[]);
    check("struct Net: [2] -> [2] { repeat(2) { repeat(11) { block: repeat(11) { fc: linear(2) } } } }", &[]);
}

/// Each turn of a named `repeat` is a field, as a stage is.
#[test]
fn turns_and_stages_share_no_name() {
    let error = |note: &str, help: &str| format!("two stages have the name `a1`\nnote: {note}\nhelp: {help}");
    let turn = "each turn of a `repeat` is called by the name of the `repeat` and a number, as the";
    let first = error(&format!("{turn} first of them is"), "write another name");
    let second = error(&format!("{turn} second of them is"), "write another name");
    check("struct Net: [4] -> [4] { a: repeat(2) { linear(4) }, a1: linear(4) }", &[&first]);
    check("struct Net: [4] -> [4] { a1: linear(4), a: repeat(2) { linear(4) } }", &[&second]);
    let unnamed = first.replace("`a1`", "`linear1`").replace("write another name", "name it: `name: linear`");
    check("struct Net: [4] -> [4] { linear: repeat(2) { tanh, linear(4) }, linear(4) }", &[&unnamed]);
}

/// The frozen parameters inside of a frozen stage have a field, whose name no other stage may have.
#[test]
fn each_field_of_frozen_parameters_has_a_name_of_its_own() {
    let inner = "struct L: [3] -> [3] { a: linear(3), #[frozen] x: linear(3) }";
    let both = |field: &str, inside: &str, stage: &str| {
        format!(
            "the field `{field}` of `NFrozen` would be both the frozen parameters inside of `{inside}` and those of `{stage}`\n\
             help: write another name"
        )
    };
    for (stages, expected) in [
        ("#[frozen] x: L, #[frozen] x_frozen: linear(3)", ["x_frozen", "x", "x_frozen"]),
        ("#[frozen] x: L, #[frozen] x_frozen: L", ["x_frozen", "x", "x_frozen"]),
        ("#[frozen] x: L, x_frozen: L", ["x_frozen", "x", "x_frozen"]),
        ("x_frozen: L, #[frozen] x: L", ["x_frozen", "x", "x_frozen"]),
        ("#[frozen] x: L, x_frozen: residual { #[frozen] y: linear(3), L }", ["x_frozen", "x", "x_frozen"]),
        ("#[frozen] x: L, x_frozen: residual { L, linear(3) }", ["x_frozen", "x", "x_frozen"]),
        ("#[frozen] L, #[frozen] l1_frozen: linear(3)", ["l1_frozen", "l1", "l1_frozen"]),
        ("#[frozen] b: residual { x: L, x_frozen: linear(3) }", ["b.x_frozen", "b.x", "b.x_frozen"]),
        ("repeat(2) { #[frozen] L }, #[frozen] l1_frozen: linear(3)", ["l1_frozen", "l1", "l1_frozen"]),
    ] {
        let [field, inside, stage] = expected;
        check(&format!("{inner} struct N: [3] -> [3] {{ {stages} }}"), &[&both(field, inside, stage)]);
    }
    for stages in [
        "#[frozen] x: L, x_frozen: linear(3)",
        "x: L, x_frozen: L",
        "#[frozen] x: L, x_frozen: residual { linear(3), relu }",
        "b: residual { #[frozen] x: L }, x_frozen: L",
    ] {
        check(&format!("{inner} struct N: [3] -> [3] {{ {stages} }}"), &[]);
    }
    check(
        &format!("{inner} struct N: [3] -> [3] {{ a: residual {{ L, relu }}, frozen_a: linear(3) }}"),
        &[
            "`NFrozenA` would be both the struct of the stage `a` of `N` and the struct of the stage `frozen_a` of `N`\nhelp: write another name",
        ],
    );
}

/// A mistake in the names inside of a repeat is one, not one a turn.
#[test]
fn names_inside_of_a_repeat_are_one_mistake() {
    let inner = "struct L: [3] -> [3] { a: linear(3), #[frozen] x: linear(3) }";
    for (stages, expected) in [
        ("b: repeat(3) { #[frozen] x: L, #[frozen] x_frozen: linear(3) }", "the field `b1.x_frozen` of"),
        (
            "#[frozen] c: residual { b: repeat(2) { e: repeat(2) { x: L, x_frozen: L } } }",
            "the field `c.b1.e1.x_frozen` of",
        ),
        ("b: repeat(3) { fc_1: linear(3), fc1: linear(3) }", "`NB1Fc1` would be both"),
        ("repeat(3) { fc_1: linear(3), fc1: linear(3) }", "`NFc11` would be both"),
        (
            "b: repeat(3) { a: residual { b: relu }, a_b: relu, linear(3) }",
            "the stages `b1.a.b` and `b1.a_b` have names",
        ),
        // only later turns have it
        ("repeat(3) { a: linear(3) }, a_2: residual { linear(3), relu }", "`NA2` would be both"),
        ("repeat(3) { a: linear(3) }, b_2: residual { linear(3), relu }", ""),
        ("repeat(3) { #[frozen] x: L }, x2_frozen: L", "the field `x2_frozen` of"),
        ("repeat(3) { b: residual { linear(3), relu } }, b3_linear1: linear(3)", "`NB3Linear1` would be both"),
    ] {
        let found = messages(&format!("{inner} struct N: [3] -> [3] {{ {stages} }}"));
        let is_right = match found.as_slice() {
            [] => expected.is_empty(),
            [one] => !expected.is_empty() && one.starts_with(expected),
            _ => false,
        };
        assert!(is_right, "{found:?} for `{stages}`");
    }
}

/// A network whose name is refused is known all the same: its uses are no mistakes.
#[test]
fn the_use_of_a_refused_name_is_no_mistake() {
    let inner = "struct L: [3] -> [3] { a: linear(3), #[frozen] x: linear(3) }";
    let taken =
        |name: &str, what: &str| format!("`{name}` is already the name of {what} of `L`\nhelp: write another name");
    for (name, what) in
        [("LFrozen", "the frozen parameters"), ("LWorkspace", "the workspace"), ("LA", "the struct of the stage `a`")]
    {
        for declared in ["[3] -> [3] { linear(3) }", "[3, 3] -> [3] { flatten, linear(3) }"] {
            for used in [name.to_owned(), format!("residual {{ {name} }}"), format!("#[frozen] {name}")] {
                check(
                    &format!("{inner} struct {name}: {declared} struct K: [3] -> [3] {{ {used}, relu }}"),
                    &[&taken(name, what)],
                );
            }
        }
    }
    check(
        &format!("{inner} struct L: [3] -> [5] {{ linear(5) }} struct K: [3] -> [3] {{ L, relu }}"),
        &["the network `L` is declared twice\nhelp: write another name"],
    );
}

/// What begins with indices is told of the network's own type.
#[test]
fn numbers_instead_of_indices_are_of_the_type_of_the_network() {
    let numbers = |scalar: &str| {
        format!("begin with `embedding(num_embeddings, embedding_dim)`, or declare the input as `{scalar} [3]`")
    };
    for stage in [
        "linear(3)",
        "relu",
        "flatten",
        "residual { relu }",
        "residual { embedding(5, 1), flatten }",
        "concat { [linear(3)], [] }",
        "concat { [embedding(5, 2)], [] }",
        "add { [], [] }",
        "repeat(2) { tanh }",
    ] {
        for (output, scalar) in [("[3]", "f32"), ("f32 [3]", "f32"), ("f64 [3]", "f64")] {
            assert_eq!(help(&format!("struct N: u16 [3] -> {output} {{ {stage} }}")), numbers(scalar), "for `{stage}`");
        }
    }
    let indices = |written: &str| format!("declare the input as indices, such as `{written}`");
    let words = "struct Words: u8 [3] -> [3] { embedding(5, 1), flatten }";
    assert_eq!(help(&format!("{words} struct N: [3] -> [3] {{ Words }}")), indices("u8 [3]"));
    assert_eq!(help("struct N: [3] -> [3, 2] { embedding(5, 2) }"), indices("u16 [3]"));
}

/// Branches may begin with what takes indices; an input of indices is itself no branch.
#[test]
fn branches_begin_with_indices() {
    let words = "struct Words: u16 [3] -> [3, 2] { embedding(5, 2) }";
    for stage in ["concat(dim = 1) { [Words], [embedding(5, 1)] }", "add { [Words], [embedding(7, 2), relu], [Words] }"]
    {
        check(&format!("{words} struct N: u16 [3] -> [2] {{ {stage}, mean, linear(2) }}"), &[]);
    }
    let found = messages(&format!("{words} struct N: u16 [3] -> [2] {{ add {{ [Words], [] }}, mean, linear(2) }}"));
    assert!(
        matches!(found.as_slice(), [one] if one.starts_with(
            "the branches of `add` make numbers, but one of them is the input, indices of type `u16`\n"
        )),
        "{found:?}"
    );
}

/// The aliases of types from elsewhere are told apart, whatever networks and stages are called.
#[test]
fn each_alias_has_a_name_of_its_own() {
    for input in [
        "struct Net: [4] -> [2] { enc: A -> [3], enc_as_written: B -> [2] }",
        "struct Net: [4] -> [2] { a_b: A -> [2] } struct Net_a: [4] -> [2] { b: B -> [2] }",
        "struct Net: [4] -> [2] { A -> [3], B -> [2] } struct Net_0: [4] -> [2] { C -> [3], D -> [2] }",
    ] {
        let file: syn::File = syn::parse2(expand_all(tokens(input))).expect("the expansion is made of items");
        let mut seen = std::collections::HashSet::new();
        for item in file.items {
            let syn::Item::Type(alias) = item else { continue };
            let cfg: Vec<_> = alias.attrs.iter().map(|attribute| quote::quote!(#attribute).to_string()).collect();
            assert!(seen.insert((alias.ident.to_string(), cfg)), "`{}` is there twice for `{input}`", alias.ident);
        }
        assert!(!seen.is_empty());
    }
}

/// The help of the only mistake.
fn help(input: &str) -> String {
    let found = messages(input);
    assert_eq!(found.len(), 1, "{found:?} for `{input}`");
    found[0].split_once("help: ").map(|(_, help)| help.to_owned()).unwrap_or_default()
}

/// What a help says to write can be written.
#[test]
fn what_is_said_of_a_value_can_be_written() {
    for (stage, expected) in [
        ("layer_norm(eps = inf)", ""),
        ("layer_norm(eps = nan)", ""),
        ("layer_norm(eps = \"1e-3\")", "write `eps = 0.001`"),
        ("layer_norm(eps = \"-1\")", ""),
        ("linear(8, bias = \"1\")", ""),
        ("linear(8, bias = None)", "write `bias = false`"),
        ("linear(\"8\")", "write `out_features = 8`"),
        ("linear(\"0\")", ""),
        ("linear(\"0.5\")", ""),
        ("linear(None)", "write `out_features = 8`"),
        ("conv1d(8, None)", "write `kernel_size = 8`"),
        ("layer_norm(eps = None)", "leave `eps` out"),
    ] {
        assert_eq!(help(&format!("struct Net: [8, 8] -> [2] {{ {stage}, flatten, linear(2) }}")), expected, "{stage}");
    }
}

#[test]
fn an_activation_is_a_stage_of_its_own() {
    let stage = |stage: &str| format!("write the activation as a stage of its own: `linear(8), {stage}`");
    let none = "a layer has no activation of its own: leave the option out";
    for (written, expected) in [
        ("None", none.to_owned()),
        ("\"linear\"", none.to_owned()),
        ("tanh", stage("tanh")),
        ("\"swish\"", stage("silu")),
        ("gelu_new", stage("gelu(approximate = tanh)")),
        ("\"foo\"", stage("relu")),
    ] {
        let found = help(&format!("struct Net: [4] -> [8] {{ linear(8, activation = {written}) }}"));
        assert_eq!(found, expected, "for `{written}`");
    }
}

/// The guess that the channels are written last does not hide what else would help.
#[test]
fn the_order_of_the_channels_is_a_guess() {
    let or = "; or, if the channels are written last, declare the input as `[4, 8]`";
    let groups = format!("`groups` must divide the channels of the input and of the output{or}");
    let found = help("struct Net: [8, 4] -> [2] { conv1d(4, kernel_size = 3, groups = 3), flatten, linear(2) }");
    assert_eq!(found, groups);
    let output = format!("declare `-> [4, 2]`{or}");
    assert_eq!(help("struct Net: [8, 4] -> [4, 6] { conv1d(4, kernel_size = 3) }"), output);
    let window = "shapes are written [channels, length]: declare the input as `[4, 8]`";
    assert_eq!(help("struct Net: [8, 4] -> [4, 6] { conv1d(4, kernel_size = 5) }"), window);
}

#[test]
fn a_const_has_no_condition() {
    let rest = "const N: usize = 2; struct Net: [4] -> [N] { linear(N) }";
    for attribute in
        ["cfg(any())", "cfg_attr(all(), cfg(any()))", "cfg_attr(all(), doc = \"N\", cfg_attr(all(), cfg(any())))"]
    {
        let found = messages(&format!("#[{attribute}] {rest}"));
        let is_right = |one: &String| one.starts_with("a const of `network!` has no conditions");
        assert!(matches!(found.as_slice(), [one] if is_right(one)), "{found:?} for `{attribute}`");
    }
    check(&format!("#[cfg_attr(all(), doc = \"N\")] {rest}"), &[]);
}

/// Only derives that a network has anyway are left out.
#[test]
fn derives_of_other_crates_are_kept() {
    for (written, is_kept) in [
        ("Debug", false),
        ("::core::fmt::Debug", false),
        ("std::clone::Clone", false),
        ("nn_runtime::bytemuck::Pod", false),
        ("derive_more::Debug", true),
        ("my::Copy", true),
        ("my::Default", true),
        ("derive_more::Eq", true),
        ("rkyv::Serialize", true),
    ] {
        let network = format!("#[derive({written})] struct Net: [4] -> [2] {{ linear(2) }}");
        let expansion = expand_all(tokens(&network)).to_string();
        let derive = tokens(&format!("derive({written})")).to_string();
        assert_eq!(expansion.contains(&derive), is_kept, "`{written}`");
    }
}

/// A network that depends on an item whose name is taken is not a mistake of its own, and has its types.
#[test]
fn a_taken_name_is_the_only_mistake() {
    let network = "struct A: [4] -> [2] { linear(2) }";
    let input = format!("{network} struct A: [N] -> [2] {{ linear(2) }} struct B: [N] -> [2] {{ linear(2) }}");
    assert_eq!(messages(&input).len(), 2, "the name, and `N`");
    let twice = "the network `A` is declared twice\nhelp: write another name";
    check(&format!("{network} {network}"), &[twice]);
    let [unknown, found] = [messages("struct A: [4] -> [2] { liner(2) }"), vec![twice.to_owned()]];
    assert_eq!(messages(&format!("struct A: [4] -> [2] {{ liner(2) }} {network}")), [unknown, found].concat());
    let expansion = expand_all(tokens(&input)).to_string();
    assert!(expansion.contains(&tokens("BWithMistakes<{ _A_AGAIN_1 }>").to_string()), "{expansion}");
    for (name, same) in [("nn", "type nn = "), ("I", "type I = ")] {
        let expansion = expand_all(tokens(&format!("struct {name}: [4] -> [2] {{ linear(2) }}"))).to_string();
        assert!(expansion.contains(same), "{expansion}");
    }
}

/// The tokens in invisible brackets, as another macro hands them in.
fn invisible(text: &str) -> TokenTree {
    Group::new(Delimiter::None, tokens(text)).into()
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the text is made of tokens")
}

/// The invocation with `$` replaced by the tokens.
fn filled(input: &str, tokens: &TokenStream) -> TokenStream {
    fn fill(stream: TokenStream, tokens: &TokenStream) -> TokenStream {
        let fill_one = |token| match token {
            TokenTree::Punct(mark) if mark.as_char() == '$' => tokens.clone(),
            TokenTree::Group(group) => {
                TokenTree::from(Group::new(group.delimiter(), fill(group.stream(), tokens))).into()
            }
            token => token.into(),
        };
        stream.into_iter().flat_map(fill_one).collect()
    }
    fill(self::tokens(input), tokens)
}

/// What another macro hands in is what it would be if it were written there: alone, or inside of more brackets.
#[test]
fn what_other_macros_hand_in_is_what_is_written() {
    let cases: &[(&str, &[&str])] = &[
        ("struct Net: [$] -> [$] { relu }", &["3", "1 + 1", "2 * (3 - 1)", "0x1f", "8usize", "8 / 3"]),
        ("const N: usize = $; struct Net: [N] -> [N] { relu }", &["3", "7 / 2 * 2"]),
        ("const N: $ = 3; struct Net: [N] -> [N] { relu }", &["usize"]),
        ("const N: usize = 2; struct Net: [N] -> [$] { linear($) }", &["N", "N * N", "(N)"]),
        ("struct Net: $ -> [10] { flatten, linear(10) }", &["[4]", "[4, 2]", "[2 + 1]"]),
        ("struct Net: [8] -> [8] { reshape($), flatten }", &["[4, 2]", "[2, 2, 2]", "shape = [2, 2 + 2]"]),
        ("struct Net: [8] -> $ { relu -> $ }", &["[8]"]),
        ("struct Net: $ [4] -> $ [4] { relu }", &["f64", "f32"]),
        ("struct Net: [4] -> [4] { dropout($) }", &["0.5", "1 / 2", "1", "p = 0.25", "p = 1 / 4"]),
        ("struct Net: [4] -> [4] { leaky_relu($) }", &["-1", "-0.5", "-(1 / 2)", "1e-2 * 2"]),
        ("struct Net: [4] -> [4] { prelu(1, init = $) }", &["-0.5", "0.5 - 1"]),
        ("struct Net: [4] -> [4] { linear(4, bias = $) }", &["true", "false"]),
        ("struct Net: [2, 3] -> [2, 4] { rnn(4, $) }", &["relu", "tanh", "nonlinearity = relu"]),
        ("struct Net: [1, 8, 8] -> [2, 8, 8] { conv2d(2, 3, padding = $) }", &["same", "(1, 1)", "1"]),
        ("struct Net: [1, 8, 8] -> [2, 6, 4] { conv2d(2, $) }", &["(3, 5)", "(1 + 2, 5)", "kernel_size = (3, 5)"]),
        ("struct Net: [2, 4] -> [2, 8] { concat($) { [], [] } }", &["1", "-1", "dim = -1", "2 - 1"]),
        ("struct Net: [4] -> [4] { $ }", &["relu", "softplus(1.0)", "my::Layer -> [4]", "a: linear(4)"]),
        ("struct Net: [4] -> [4] { my: $ -> [4] }", &["Layer", "my::Layer", "::my::Layer", "crate::Layer"]),
        ("struct Net: [4] -> [4] { $: linear(4) }", &["first"]),
        ("struct Net: [4] -> [4] { $(4) }", &["linear"]),
        ("struct $: [4] -> [4] { linear(4) }", &["Net"]),
        ("$ struct Net: [4] -> [4] { linear(4) }", &["", "pub", "pub(crate)", "pub(in crate::nets)"]),
        (
            "#[$] struct Net: [4] -> [4] { #[frozen] linear(4) }",
            &["derive(PartialEq)", "doc = \"Text.\"", "cfg(any())"],
        ),
        ("struct Net: [4] -> [4] { #[$] linear(4) }", &["frozen"]),
        ("struct Net: [4] -> [4] { repeat($) $ }", &[]),
        ("struct Net: [4] -> [4] { residual $ }", &["{ linear(4) }"]),
        ("$ struct Net: [4] -> [4] { linear(4) }", &["const N: usize = 2 * 3;", "struct M: [2] -> [2] { relu }"]),
    ];
    for (input, values) in cases {
        for value in *values {
            let direct = filled(input, &tokens(value));
            let mut errors = Vec::new();
            collect(expand_all(direct.clone()), &mut errors);
            assert!(errors.is_empty(), "{errors:?} for `{direct}`");
            let once = TokenStream::from(invisible(value));
            let twice = TokenTree::from(Group::new(Delimiter::None, once.clone())).into();
            for wrapped in [once, twice] {
                let found = expand_all(filled(input, &wrapped)).to_string();
                assert_eq!(found, expand_all(direct.clone()).to_string(), "for `{value}` in `{input}`");
            }
        }
    }
}

#[test]
fn what_other_macros_hand_in_keeps_its_value() {
    for (input, values) in [
        ("struct Net: [$ * 2] -> [4] { relu }", ["1 + 1", "3 - 1", "2"]),
        ("struct Net: [8 / $] -> [4] { relu }", ["1 + 1", "2 * 1", "2"]),
        ("struct Net: [4] -> [4] { linear(7 - $) }", ["2 + 1", "4 - 1", "6 / 2"]),
    ] {
        for value in values {
            let found = filled(input, &invisible(value).into());
            let mut errors = Vec::new();
            collect(expand_all(found), &mut errors);
            assert!(errors.is_empty(), "{errors:?} for `{value}` in `{input}`");
        }
    }
}

/// What is no size is an error with its own tokens, however it is handed in.
#[test]
fn what_is_no_size_is_an_error() {
    let values = [
        "1 << 3",
        "17 % 9",
        "2_usize.pow(3)",
        "300 as u8 as usize",
        "1 | 2",
        "1 & 3",
        "1 ^ 3",
        "!0",
        "*N",
        "&N",
        "N[0]",
        "N.0",
        "N?",
        "N(3)",
        "N { }",
        "1..3",
        "(1, 2, 3)",
        "{ 3 }",
        "'3'",
        "\"3\"",
        "b'3'",
        "3u8",
        "3i64",
        "3.5",
        "1e3",
        "-3",
        "3 == 3",
        "3 < 4",
        "x = 3",
        "usize::MAX",
        "size_of::<u8>()",
        "max(1, 2)",
        "if true { 1 } else { 2 }",
        "3 +",
        "3 3",
        "2 - -1",
        "",
    ];
    for value in values {
        for input in [
            "const N: usize = 3; struct Net: [4] -> [2] { linear($), linear(2) }",
            "const N: usize = 3; struct Net: [4] -> [2] { linear(1 + $), linear(2) }",
            "const N: usize = 3; struct Net: [4] -> [2] { reshape([$, 2]), linear(2) }",
            "const N: usize = 3; struct Net: [$] -> [2] { linear(2) }",
            "const N: usize = 3; const M: usize = $; struct Net: [M] -> [2] { linear(2) }",
            "const N: usize = 3; struct Net: [1, 9, 9] -> [2] { conv2d(2, ($, 3)), flatten, linear(2) }",
        ] {
            if value.is_empty() && input.contains("($)") {
                continue; // is that `linear` needs its option
            }
            for tokens in [tokens(value), invisible(value).into()] {
                let found = filled(input, &tokens);
                let mut errors = Vec::new();
                collect(expand_all(found.clone()), &mut errors);
                assert_eq!(errors.len(), 1, "{errors:?} for `{found}`");
            }
        }
    }
}

/// What is written is read: each of these has a token too many.
#[test]
fn nothing_is_ignored() {
    for input in [
        "struct Net: [4] -> [2] { : linear(2) }",
        "struct Net: [4] -> [2] { a: : linear(2) }",
        "struct Net: [4] -> [2] { pub linear(2) }",
        "struct Net: [4] -> [2] { pub a: linear(2) }",
        "struct Net: [4] -> [2] { mut a: linear(2) }",
        "struct Net: [4] -> [2] { linear(2)? }",
        "struct Net: [4] -> [2] { linear(2)(3) }",
        "struct Net: [4] -> [2] { linear(2).relu }",
        "struct Net: [4] -> [2] { linear(2) -> }",
        "struct Net: [4] -> [2] { linear(2) -> [2] -> [2] }",
        "struct Net: [4] -> [2] { linear(2) -> f32 [2] }",
        "struct Net: [4] -> [2] { linear(2,,) }",
        "struct Net: [4] -> [2] { linear(,) }",
        "struct Net: [4] -> [2] { linear(2;) }",
        "struct Net: [4] -> [2] { linear(2 true) }",
        "struct Net: [4] -> [2] { linear(2, bias true) }",
        "struct Net: [4] -> [2] { linear(2, bias == true) }",
        "struct Net: [4] -> [2] { linear(2, bias = true = true) }",
        "struct Net: [4] -> [2] { linear(2), , }",
        "struct Net: [4] -> [2] { linear(2); }",
        "struct Net: [4] -> [2] { linear<f32>(2) }",
        "struct Net: [4] -> [2] { linear!(2) }",
        "struct Net: [4] -> [2] { my::Layer<2> -> [2] }",
        "struct Net: [4] -> [2] { my::Layer(2) -> [2] }",
        "struct Net: [4] -> [2] { my::Layer { } -> [2] }",
        "struct Net: [4] -> [2] { #[frozen = 1] linear(2) }",
        "struct Net: [4] -> [2] { #[frozen()] linear(2) }",
        "struct Net: [4] -> [2] { #[cfg(any())] linear(2) }",
        "struct Net: [4] -> [2] { #![frozen] linear(2) }",
        "struct Net: [4] -> [2] { linear(2), #[frozen] }",
        "struct Net: [4,,] -> [2] { linear(2) }",
        "struct Net: [,4] -> [2] { linear(2) }",
        "struct Net: [4; 1] -> [2] { linear(2) }",
        "struct Net: f32 f32 [4] -> [2] { linear(2) }",
        "struct Net: &[4] -> [2] { linear(2) }",
        "struct Net: [4][4] -> [2] { linear(2) }",
        "struct Net: [4] -> [2] -> [2] { linear(2) }",
        "struct Net: [4] -> [2] where u8: Copy { linear(2) }",
        "struct Net<T>: [4] -> [2] { linear(2) }",
        "struct Net: [4] -> [2] { linear(2) } { relu }",
        "struct Net: [4] -> [2] { linear(2) };",
        "struct Net: [4] -> [2] { linear(2) },",
        "struct Net: [4] -> [4] { residual { linear(4) } { relu } }",
        "struct Net: [4] -> [4] { residual(true) { linear(4) } }",
        "struct Net: [4] -> [4] { add { [], [] relu } }",
        "struct Net: [4] -> [4] { add { [], [],, } }",
        "struct Net: [4] -> [4] { add { a: [], [] } }",
        "struct Net: [4] -> [4] { add { #[frozen] [linear(4)], [] } }",
        "struct Net: [4] -> [4] { repeat(2, 3) { relu } }",
        "struct Net: [4] -> [4] { repeat((2, 3)) { relu } }",
        "struct Net: [4] -> [4] { relu { } }",
        "struct Net: [1, 9, 9] -> [2] { conv2d(2, (3, 3,,)), flatten, linear(2) }",
        "unsafe struct Net: [4] -> [2] { linear(2) }",
        "pub pub struct Net: [4] -> [2] { linear(2) }",
        "#[frozen] struct Net: [4] -> [2] { linear(2) }",
        "#[frozen] const N: usize = 2; struct Net: [4] -> [2] { linear(2) }",
        "#[cfg(any())] const N: usize = 2; struct Net: [4] -> [N] { linear(N) }",
        "const N: usize = 2, struct Net: [4] -> [2] { linear(2) }",
        "const N: usize = 2;; struct Net: [4] -> [2] { linear(2) }",
        "const N: &usize = 2; struct Net: [4] -> [2] { linear(2) }",
        "const N<T>: usize = 2; struct Net: [4] -> [2] { linear(2) }",
        "const mut N: usize = 2; struct Net: [4] -> [2] { linear(2) }",
    ] {
        let found = messages(input);
        assert_eq!(found.len(), 1, "{found:?} for `{input}`");
    }
}

/// The option's type decides how its expression is computed.
#[test]
fn the_type_of_an_option_computes_its_expression() {
    let is_same = |[written, expected]: [&str; 2]| {
        let [written, expected] = [written, expected].map(|stage| {
            let network = format!("const N: usize = 8; struct Net: [8, 8] -> [8, 8] {{ {stage} }}");
            let errors = messages(&network);
            assert!(errors.is_empty(), "{errors:?} for `{network}`");
            expand_all(tokens(&network)).to_string()
        });
        written == expected
    };
    for pair in [
        ["dropout(1/2)", "dropout(0.5)"],
        ["dropout(1.0 / N)", "dropout(0.125)"],
        ["dropout(p = 1 - 0.5)", "dropout(0.5)"],
        ["layer_norm(eps = 1/1000)", "layer_norm(eps = 0.001)"],
        ["layer_norm(1e-3 * 2)", "layer_norm(eps = 0.002)"],
        ["elu(N / 16)", "elu(0.5)"],
        ["elu(2)", "elu(2.0)"],
        ["leaky_relu(-(1/2))", "leaky_relu(-0.5)"],
        ["leaky_relu(--0.5)", "leaky_relu(0.5)"],
        ["leaky_relu(3 - 2 * 2)", "leaky_relu(-1.0)"],
        ["hard_tanh(-1/4, (1 + 2) / 4)", "hard_tanh(-0.25, 0.75)"],
        ["linear(17 / 2)", "linear(8)"],
        ["linear(N * 2 - 8)", "linear(8)"],
    ] {
        assert!(is_same(pair), "{pair:?}");
    }
    for (stage, message) in [
        ("dropout(1 / 0)", "`1 / 0` divides by zero"),
        ("dropout(0 / 0.0)", "`0 / 0` divides by zero"),
        ("elu(1e308 * 10)", "`1e308 * 10` is too large for a number"),
        ("elu(1e999)", "`1e999` is too large for a number"),
        ("elu(1e39)", "`alpha` of `elu` is 1e39, which is too large for an `f32`"),
        ("dropout(3 / 2)", "`p` of `dropout` is between 0 and 1, but this is 1.5"),
        ("dropout(1 - 2)", "`p` of `dropout` is between 0 and 1, but this is -1"),
        ("dropout(1usize)", "a number is an `f64`, but this is a `usize`"),
        ("linear(0.5)", "`out_features` of `linear` is a size, such as `8`, not `0.5`"),
        ("linear(2 * 4.0)", "a size is a whole number, but this is `4.0`"),
        ("linear(-8)", "`out_features` of `linear` is a size, such as `8`, not `-8`"),
        ("linear(2 - 10)", "`2 - 10` is negative, and a size is not"),
        ("linear(1 / 2)", "`out_features` of `linear` is at least 1, but this is 0"),
        ("linear(8, bias = 1)", "`bias` of `linear` is `true` or `false`, not `1`"),
        ("linear(8, bias = 1 + 1)", "`bias` of `linear` is `true` or `false`, not `1 + 1`"),
        ("multihead_attention((2, 4))", "`num_heads` of `multihead_attention` is a size, such as `8`, not a pair"),
        ("multihead_attention(2, causal = 1)", "`causal` of `multihead_attention` is `true` or `false`, not `1`"),
    ] {
        let found = messages(&format!("const N: usize = 8; struct Net: [8, 8] -> [8, 8] {{ {stage} }}"));
        assert!(matches!(found.as_slice(), [one] if one.starts_with(message)), "{found:?} for `{stage}`");
    }
    check("struct Net: f64 [4] -> f64 [4] { elu(1e39) }", &[]);
}

#[test]
fn a_dimension_is_one_whole_number() {
    let concat = |dim: &str, output: &str| {
        format!("const N: usize = 2; struct Net: [2, 3] -> {output} {{ concat(dim = {dim}) {{ [], [relu] }} }}")
    };
    for (dim, output) in [
        ("0", "[4, 3]"),
        ("1", "[2, 6]"),
        ("-1", "[2, 6]"),
        ("-2", "[4, 3]"),
        ("N - 1", "[2, 6]"),
        ("1 - N", "[2, 6]"),
        ("-(N)", "[4, 3]"),
    ] {
        check(&concat(dim, output), &[]);
    }
    for (dim, message) in [
        ("(1, 9)", "`dim` of `concat` is a dimension, such as `0`, or `-1` for the last, not a pair"),
        ("true", "`dim` of `concat` is a dimension, such as `0`, or `-1` for the last, not `true`"),
        ("0.5", "an index is a whole number, but this is `0.5`"),
        ("1 / 0", "`1 / 0` divides by zero"),
        (
            "2",
            "`concat` joins along dimension 2, but its branches make [2, 3]\nhelp: dimensions are counted from 0, without the batch; -1 is the last",
        ),
        (
            "-3",
            "`concat` joins along dimension -3, but its branches make [2, 3]\nhelp: dimensions are counted from 0, without the batch; -1 is the last",
        ),
    ] {
        check(&concat(dim, "[2, 6]"), &[message]);
    }
}

/// In PyTorch the size of the input comes first, so that a value by position may be meant for the option before.
#[test]
fn the_size_of_the_input_is_not_taken_for_an_option() {
    for (shape, stage, help) in [
        ("[1, 28, 28]", "conv2d(1, 6, 5)", "conv2d(6, kernel_size = 5)"),
        ("[1, 28, 28]", "conv2d(1, 6, (3, 5))", "conv2d(6, kernel_size = (3, 5))"),
        ("[3, 32, 32]", "conv2d(3, 64, 3, 2, 1)", "conv2d(64, kernel_size = 3, stride = 2, padding = 1)"),
        (
            "[3, 32, 32]",
            "conv2d(3, 2 * 8, 3, stride = 2, bias = false)",
            "conv2d(2 * 8, kernel_size = 3, stride = 2, bias = false)",
        ),
        (
            "[3, 32, 32]",
            "conv2d(3, 6, 5, 1, 0, 1, 1, true)",
            "conv2d(6, kernel_size = 5, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)",
        ),
        ("[4, 50]", "conv1d(4, 8, 3)", "conv1d(8, kernel_size = 3)"),
        ("[4, 50]", "conv_transpose1d(4, 8, 3, padding = 1)", "conv_transpose1d(8, kernel_size = 3, padding = 1)"),
        (
            "[4, 7, 7]",
            "conv_transpose2d(4, 8, 4, 2, 1)",
            "conv_transpose2d(8, kernel_size = 4, stride = 2, padding = 1)",
        ),
    ] {
        let found = messages(&format!("struct Net: {shape} -> [2] {{ {stage}, flatten, linear(2) }}"));
        let is_right = |one: &String| {
            one.contains("needs its name: only `out_channels` and `kernel_size` can be given by position")
                && one.contains(&format!("the size of the input is known, and not written: `{help}`;"))
        };
        assert!(matches!(found.as_slice(), [one] if is_right(one)), "{found:?} for `{stage}`");
    }
    for (shape, stage) in [
        ("[8]", "linear(8, 4)"),
        ("[8]", "linear(8, 4, true)"),
        ("[8]", "linear(8, out_features = 4)"),
        ("[3, 9, 9]", "conv2d(3, 6, kernel_size = 5)"),
        ("[5, 8]", "rnn(8, 4)"),
        ("[5, 8]", "gru(8, 4)"),
        ("[5, 8]", "gru(8, 4, 1, true)"),
        ("[5, 8]", "lstm(8, 4, 2)"),
        ("[5, 8]", "lstm(8, 4, bidirectional = true)"),
        ("[5, 8]", "multihead_attention(8, 4)"),
        ("[5, 8]", "multihead_attention(8, 4, 0.1)"),
        ("[8]", "batch_norm1d(8)"),
        ("[1]", "batch_norm1d(1)"),
        ("[8, 4, 4]", "batch_norm2d(8)"),
        ("[8]", "group_norm(4, 8)"),
        ("[5, 8]", "layer_norm(8)"),
        ("[5, 8]", "layer_norm([5, 8])"),
        ("[5, 8]", "layer_norm((5, 8))"),
        ("[5, 8]", "rms_norm(8)"),
    ] {
        let found = messages(&format!("struct Net: {shape} -> [2] {{ {stage}, flatten, linear(2) }}"));
        let is_right = |one: &String| one.contains("the size of the input is known, and not written");
        assert!(matches!(found.as_slice(), [one] if is_right(one)), "{found:?} for `{stage}`");
    }
}

/// What PyTorch has in the same order is taken as there, and what it has in another needs its name.
#[test]
fn values_by_position_are_those_of_pytorch() {
    for (shape, stages) in [
        ("[8, 9, 9]", "max_pool2d(3, 2, 1, 1), avg_pool2d(2, 1, 0, false, true), conv2d(4, 2)"),
        ("[8, 9]", "max_pool1d(2, 2), avg_pool1d(3, 1, 1, true), conv_transpose1d(4, 2)"),
        ("[8, 9]", "prelu(8), dropout(0.5), hard_tanh(-1, 1), softplus(1, 20), group_norm(4, 1e-5), rnn(4, relu)"),
    ] {
        check(&format!("struct Net: {shape} -> [2] {{ {stages}, flatten, linear(2) }}"), &[]);
    }
    let message = "`ceil_mode` of `max_pool2d` needs its name: only `kernel_size`, `stride`, `padding`, and `dilation` can be given by position\nhelp: write the name before it, `ceil_mode = ..`: PyTorch has `return_indices` at this position";
    check("struct Net: [8, 9, 9] -> [2] { max_pool2d(3, 2, 1, 1, true), flatten, linear(2) }", &[message]);
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
    for sum in ["1 + ", "-", "1 - -"].map(|part| part.repeat(5000)) {
        check(&format!("struct Net: [{sum} 1] -> [2] {{ relu }}"), &["an expression has more than 256 operators"]);
        check(&format!("struct Net: [2] -> [2] {{ elu({sum} 1) }}"), &["an expression has more than 256 operators"]);
    }
    let nested = (0..60).fold("1".to_owned(), |inner, _| format!("({inner}){}", " * 1".repeat(200)));
    check(&format!("struct Net: [{nested}] -> [2] {{ relu }}"), &["an expression has more than 256 operators"]);
}

#[test]
fn a_word_by_position_is_no_size() {
    let help = |layer: &str| {
        let messages = messages(&format!("struct Net: [3, 9, 9] -> [8, 7, 7] {{ {layer} }}"));
        messages.concat().rsplit_once("help: ").map_or_else(String::new, |(_, help)| help.to_owned())
    };
    assert_eq!(help("conv2d(8, 3, relu)"), "an activation is a stage of its own: `conv2d(8, 3), relu`");
    assert_eq!(help("conv2d(8, 3, same)"), "write `padding = same`");
    assert_eq!(help("gru(8, relu)"), "write `activation = relu`");
    assert_eq!(help("conv1d(8, 3, causal)"), "write `causal = true`");
}
