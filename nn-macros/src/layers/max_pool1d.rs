//! `max_pool1d(kernel_size, stride = kernel_size, padding = 0, dilation = 1)` on `[channels, length]`.

use crate::layers::shared::pooling;
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool1d",
    options: &[
        KERNEL_SIZE.single().required(),
        STRIDE.single().or_same_as(&KERNEL_SIZE),
        PADDING.single().or(0),
        DILATION.single().or(1),
    ],
    takes_indices: false,
    build: |context| pooling::maximum(context, Rank::One),
};
