//! `conv1d(out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, causal = false)` on
//! `[channels, length]`.

use crate::layers::shared::convolution::{self, BIAS, CAUSAL, GROUPS, OUT_CHANNELS, PADDING};
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "conv1d",
    options: &[
        OUT_CHANNELS.required(),
        KERNEL_SIZE.single().required(),
        STRIDE.single().by_name(MistakenFor::OptionBefore).or(1),
        PADDING.single().or(0),
        DILATION.single().or(1),
        GROUPS.or(1),
        BIAS.or(true),
        CAUSAL.or(false),
    ],
    takes_indices: false,
    build: |context| convolution::direct(context, Rank::One),
};
