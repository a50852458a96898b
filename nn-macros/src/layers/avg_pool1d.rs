//! `avg_pool1d(kernel_size, stride = kernel_size, padding = 0, count_include_pad = true)` on `[channels, length]`.

use super::Definition;
use crate::layers::shared::pooling;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, MistakenFor, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "avg_pool1d",
    options: &[
        OptionSpec::new("kernel_size", Kind::Size, Unwritten::Required),
        OptionSpec::new("stride", Kind::Size, Unwritten::SameAs("kernel_size")),
        OptionSpec::new("padding", Kind::SizeOrZero, Unwritten::Size(0)),
        OptionSpec::new("count_include_pad", Kind::Bool, Unwritten::Bool(true))
            .by_name(MistakenFor::Other("ceil_mode")),
    ],
    takes_indices: false,
    build: |context| pooling::average(context, Rank::One),
};
