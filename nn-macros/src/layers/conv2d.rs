//! `conv2d(out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)` on
//! `[channels, height, width]`.

use crate::layers::shared::convolution::{self, BIAS, GROUPS, OUT_CHANNELS, PADDING};
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "conv2d",
    options: &[
        OUT_CHANNELS.required(),
        KERNEL_SIZE.required(),
        STRIDE.by_name(MistakenFor::OptionBefore).or(1),
        PADDING.or(0),
        DILATION.or(1),
        GROUPS.or(1),
        BIAS.or(true),
    ],
    takes_indices: false,
    build: |context| convolution::direct(context, Rank::Two),
};
