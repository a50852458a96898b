//! `conv1d(out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, causal = false)` on
//! `[channels, length]`.

use super::Definition;
use crate::layers::shared::convolution;
use crate::layers::shared::window::Rank;
use crate::options::{Default as Unwritten, Kind, MistakenFor, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "conv1d",
    options: &[
        OptionSpec::new("out_channels", Kind::Size, Unwritten::Required),
        OptionSpec::new("kernel_size", Kind::Size, Unwritten::Required),
        OptionSpec::new("stride", Kind::Size, Unwritten::Size(1)).by_name(MistakenFor::OptionBefore),
        OptionSpec::new("padding", Kind::SizeOrSame, Unwritten::Size(0)),
        OptionSpec::new("dilation", Kind::Size, Unwritten::Size(1)),
        OptionSpec::new("groups", Kind::Size, Unwritten::Size(1)),
        OptionSpec::new("bias", Kind::Bool, Unwritten::Bool(true)),
        OptionSpec::new("causal", Kind::Bool, Unwritten::Bool(false)),
    ],
    takes_indices: false,
    build: |context| convolution::direct(context, Rank::One),
};
