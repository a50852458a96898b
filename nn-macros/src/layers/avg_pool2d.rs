//! `avg_pool2d(kernel_size, stride = kernel_size, padding = 0, ceil_mode = false, count_include_pad = true)` on `[channels, height, width]`.

use crate::layers::shared::pooling::{self, COUNT_INCLUDE_PAD};
use crate::layers::shared::window::{CEIL_MODE, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;

pub const DEFINITION: Definition = Definition {
    keyword: "avg_pool2d",
    options: &[
        KERNEL_SIZE.required(),
        STRIDE.or_same_as(&KERNEL_SIZE),
        PADDING.or(0),
        CEIL_MODE.or(false),
        COUNT_INCLUDE_PAD.or(true),
    ],
    takes_indices: false,
    build: |context| pooling::average(context, Rank::Two),
};
