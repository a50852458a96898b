#![deny(warnings)]

use nn_runtime::prelude::*;

trait Name {
    const NAME: &'static str;
}

network! {
    /// Derives and attributes of the user's pass through.
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
    #[must_use]
    #[allow(clippy::module_name_repetitions)]
    pub struct Net: [4] -> [4] { relu, softmax }
}

network! {
    /// Every struct of parameters gets what is derived, and the attributes that belong to it.
    #[derive(Default, PartialOrd)]
    #[cfg_attr(all(), derive(Default), allow(dead_code))]
    #[cfg_attr(any(), derive(NoSuchTrait), serde(default))]
    #[cfg_attr(all(), cfg(all()))]
    #[non_exhaustive]
    #[doc(hidden)]
    #[doc(alias = "net")]
    struct Deep: [50, 4] -> [50, 2] {
        a: linear(40),
        block: residual { fc: linear(40), gru(40) },
        #[frozen] attention: multihead_attention(2),
        net: my::Net -> [50, 2],
    }
}

mod my {
    nn_runtime::network! {
        #[derive(PartialOrd)]
        pub struct Net: [50, 40] -> [50, 2] { linear(2) }
    }
}

impl Name for Net {
    const NAME: &'static str = "Net";
}

fn main() {
    println!("{} {:?} {}", Net::NAME, Net::ZERO.partial_cmp(&Net::ZERO), Net::ZERO.predict(&SVector::zeros()));
    let (deep, frozen) = (Deep::default(), DeepFrozen::default());
    assert_eq!(deep.partial_cmp(&Deep::ZERO), deep.block.fc.partial_cmp(&DeepBlockFc::default()));
    assert_eq!(frozen, DeepFrozen::ZERO);
}
