//! `max_pool2d(kernel_size, stride = kernel_size, padding = 0, dilation = 1)` on `[channels, height, width]`.

use crate::layers::shared::pooling;
use crate::layers::shared::window::{DILATION, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool2d",
    options: &[KERNEL_SIZE.required(), STRIDE.or_same_as(&KERNEL_SIZE), PADDING.or(0), DILATION.or(1)],
    takes_indices: false,
    build: |context| pooling::maximum(context, Rank::Two),
};
