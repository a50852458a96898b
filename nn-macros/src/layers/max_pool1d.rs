//! `max_pool1d(kernel_size, stride = kernel_size, padding = 0, dilation = 1, ceil_mode = false)` on `[channels, length]`.

use crate::layers::shared::pooling;
use crate::layers::shared::window::{CEIL_MODE, DILATION, KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool1d",
    options: &[
        KERNEL_SIZE.single().required(),
        STRIDE.single().or_same_as(&KERNEL_SIZE),
        PADDING.single().or(0),
        DILATION.single().or(1),
        CEIL_MODE.by_name(MistakenFor::Other("return_indices")).or(false),
    ],
    takes_indices: false,
    build: |context| pooling::maximum(context, Rank::One),
};
