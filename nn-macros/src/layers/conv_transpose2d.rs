//! `conv_transpose2d(out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true,
//! dilation = 1)` on `[channels, height, width]`.

use super::Definition;
use crate::layers::shared::convolution;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, MistakenFor, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "conv_transpose2d",
    options: &[
        OptionSpec::new("out_channels", Kind::Size, Unwritten::Required),
        OptionSpec::new("kernel_size", Kind::Pair, Unwritten::Required),
        OptionSpec::new("stride", Kind::Pair, Unwritten::Size(1)).by_name(MistakenFor::OptionBefore),
        OptionSpec::new("padding", Kind::PairOrZero, Unwritten::Size(0)),
        OptionSpec::new("output_padding", Kind::PairOrZero, Unwritten::Size(0)),
        OptionSpec::new("groups", Kind::Size, Unwritten::Size(1)),
        OptionSpec::new("bias", Kind::Bool, Unwritten::Bool(true)),
        OptionSpec::new("dilation", Kind::Pair, Unwritten::Size(1)),
    ],
    takes_indices: false,
    build: |context| convolution::transposed(context, Rank::Two),
};
