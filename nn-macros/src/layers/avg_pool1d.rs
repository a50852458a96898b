//! `avg_pool1d(kernel_size, stride = kernel_size, padding = 0, ceil_mode = false, count_include_pad = true)` on `[channels, length]`.

use crate::layers::shared::pooling::{self, COUNT_INCLUDE_PAD};
use crate::layers::shared::window::{CEIL_MODE, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;

pub const DEFINITION: Definition = Definition {
    keyword: "avg_pool1d",
    options: &[
        KERNEL_SIZE.single().required(),
        STRIDE.single().or_same_as(&KERNEL_SIZE),
        PADDING.single().or(0),
        CEIL_MODE.or(false),
        COUNT_INCLUDE_PAD.or(true),
    ],
    takes_indices: false,
    build: |context| pooling::average(context, Rank::One),
};
