//! `avg_pool2d(kernel_size, stride = kernel_size, padding = 0, count_include_pad = true)` on `[channels, height, width]`.

use super::Definition;
use crate::layers::shared::pooling;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, MistakenFor, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "avg_pool2d",
    options: &[
        OptionSpec::new("kernel_size", Kind::Pair, Unwritten::Required),
        OptionSpec::new("stride", Kind::Pair, Unwritten::SameAs("kernel_size")),
        OptionSpec::new("padding", Kind::PairOrZero, Unwritten::Size(0)),
        OptionSpec::new("count_include_pad", Kind::Bool, Unwritten::Bool(true))
            .by_name(MistakenFor::Other("ceil_mode")),
    ],
    takes_indices: false,
    build: |context| pooling::average(context, Rank::Two),
};
