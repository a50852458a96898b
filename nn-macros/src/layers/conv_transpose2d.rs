//! `conv_transpose2d(out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true,
//! dilation = 1)` on `[channels, height, width]`.

use crate::layers::shared::convolution::{self, BIAS, GROUPS, OUT_CHANNELS, OUTPUT_PADDING};
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "conv_transpose2d",
    options: &[
        OUT_CHANNELS.required(),
        KERNEL_SIZE.required(),
        STRIDE.by_name(MistakenFor::OptionBefore).or(1),
        PADDING.or(0),
        OUTPUT_PADDING.or(0),
        GROUPS.or(1),
        BIAS.or(true),
        DILATION.or(1),
    ],
    takes_indices: false,
    build: |context| convolution::transposed(context, Rank::Two),
};
