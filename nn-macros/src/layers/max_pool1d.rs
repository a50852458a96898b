//! `max_pool1d(kernel_size, stride = kernel_size, padding = 0, dilation = 1)` on `[channels, length]`.

use super::Definition;
use crate::layers::shared::pooling;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool1d",
    options: &[
        OptionSpec::new("kernel_size", Kind::Size, Unwritten::Required),
        OptionSpec::new("stride", Kind::Size, Unwritten::SameAs("kernel_size")),
        OptionSpec::new("padding", Kind::SizeOrZero, Unwritten::Size(0)),
        OptionSpec::new("dilation", Kind::Size, Unwritten::Size(1)),
    ],
    takes_indices: false,
    build: |context| pooling::maximum(context, Rank::One),
};
