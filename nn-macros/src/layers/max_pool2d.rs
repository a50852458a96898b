//! `max_pool2d(kernel_size, stride = kernel_size, padding = 0, dilation = 1)` on `[channels, height, width]`.

use super::Definition;
use crate::layers::shared::pooling;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool2d",
    options: &[
        OptionSpec::new("kernel_size", Kind::Pair, Unwritten::Required),
        OptionSpec::new("stride", Kind::Pair, Unwritten::SameAs("kernel_size")),
        OptionSpec::new("padding", Kind::PairOrZero, Unwritten::Size(0)),
        OptionSpec::new("dilation", Kind::Pair, Unwritten::Size(1)),
    ],
    takes_indices: false,
    build: |context| pooling::maximum(context, Rank::Two),
};
