//! `conv_transpose1d(out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true,
//! dilation = 1)` on `[channels, length]`.

use crate::layers::shared::convolution::{self, BIAS, GROUPS, OUT_CHANNELS, OUTPUT_PADDING};
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "conv_transpose1d",
    options: &[
        OUT_CHANNELS.required(),
        KERNEL_SIZE.single().required(),
        STRIDE.single().by_name(MistakenFor::OptionBefore).or(1),
        PADDING.single().or(0),
        OUTPUT_PADDING.single().or(0),
        GROUPS.or(1),
        BIAS.or(true),
        DILATION.single().or(1),
    ],
    takes_indices: false,
    build: |context| convolution::transposed(context, Rank::One),
};
