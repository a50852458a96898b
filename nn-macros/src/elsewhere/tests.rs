//! Every help for a word from another framework shows code that compiles.

use std::collections::HashSet;

use proc_macro2::TokenStream;

use super::options::Hint;
use super::{layers, options};
use crate::layers::{all, keywords};

/// The code between the backticks of a help, apart from the code for outside of a network and parts of it.
fn code(help: &str) -> Vec<&str> {
    let all = help.split('`').skip(1).step_by(2);
    let is_stages = |code: &&str| {
        code.starts_with(char::is_lowercase)
            && code.contains(['(', '{', ','])
            && !["..", "::", "struct "].iter().any(|part| code.contains(part))
    };
    all.filter(is_stages).collect()
}

/// No stage of the code is unknown, and its grammar and its options are right; the shapes depend on the network.
fn check(help: &str) {
    for code in code(help) {
        let network: TokenStream = format!("struct Net: [4] -> [4] {{ {code} }}").parse().expect("tokens");
        let errors = crate::tests::expand_all(network).to_string();
        for wrong in ["unknown layer", "has no option", "expected `", "expected a", "go in", "needs `"] {
            assert!(!errors.contains(wrong), "{code:?} of {help:?} is wrong: {errors}");
        }
    }
}

#[test]
fn what_is_said_of_a_layer_can_be_written() {
    let mut seen = HashSet::new();
    for (name, help) in layers::every() {
        assert_eq!(name, super::plain(name), "names are in small letters, without underscores");
        assert!(seen.insert(name), "`{name}` is there twice");
        assert!(!keywords().any(|keyword| keyword == name), "`{name}` is a layer here");
        let called = help.strip_prefix("the layer is called `").and_then(|rest| rest.strip_suffix("` here"));
        for here in called.into_iter().flat_map(|names| names.split("` or `")) {
            assert!(keywords().any(|keyword| keyword == here), "`{here}`, what `{name}` is called here, is no layer");
        }
        check(&help);
    }
    assert!(seen.len() > 300, "only {} names are known", seen.len());
}

/// What is more or less than a layer here is not called by its name.
#[test]
fn only_the_same_layer_has_another_name() {
    for (written, expected) in [
        ("LinearReLU", "write `linear(8), relu`"),
        ("Conv2dNoBias", "write `conv2d(8, kernel_size = 3, bias = false)`"),
        ("conv1d_no_bias", "write `conv1d(8, kernel_size = 3, bias = false)`"),
        ("LayerNormNoBias", "write `layer_norm`, whose biases begin as 0"),
        ("QuickGELU", "it is not supported yet"),
        ("erf", "it is not supported yet"),
        ("RReLU", "it is not supported yet"),
        ("MGUCell", "it is not supported yet"),
        ("bmm", "values can be added, subtracted, multiplied and joined"),
        ("AdaptiveAvgPool2d", "write `global_avg_pool` for an output size of 1"),
        ("AdaptiveMaxPool1d", "write `global_max_pool` for an output size of 1"),
    ] {
        let help = layers::help(written);
        assert!(help.starts_with(expected), "{help:?} for `{written}`");
    }
}

#[test]
fn what_is_said_of_an_option_can_be_written() {
    for (option, help) in options::every() {
        let is_there = all().any(|layer| layer.options.iter().any(|spec| spec.name == option));
        assert!(is_there || ["dim", "times"].contains(&option), "no layer has the option `{option}`");
        help.into_iter().for_each(check);
    }
}

#[test]
fn an_option_is_known_by_a_part_of_its_name() {
    let options = ["out_channels", "kernel_size", "stride", "padding", "output_padding"];
    for (written, meant) in [
        ("kernel", "kernel_size"),
        ("kernel_sz", "kernel_size"),
        ("out", "out_channels"),
        ("padd", "padding"),
        ("KernelSize", "kernel_size"),
    ] {
        assert_eq!(options::hint("linear", &options, written), Some(Hint::Similar(meant)), "for `{written}`");
    }
    assert_eq!(options::hint("linear", &options, "foo"), None);
}
