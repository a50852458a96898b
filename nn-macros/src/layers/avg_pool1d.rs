//! `avg_pool1d(kernel_size, stride = kernel_size, padding = 0, count_include_pad = true)` on `[channels, length]`.

use crate::layers::shared::pooling::{self, COUNT_INCLUDE_PAD};
use crate::layers::shared::window::{KERNEL_SIZE, PADDING, Rank, STRIDE};
use crate::model::definition::Definition;
use crate::model::options::MistakenFor;

pub const DEFINITION: Definition = Definition {
    keyword: "avg_pool1d",
    options: &[
        KERNEL_SIZE.single().required(),
        STRIDE.single().or_same_as(&KERNEL_SIZE),
        PADDING.single().or(0),
        COUNT_INCLUDE_PAD.by_name(MistakenFor::Other("ceil_mode")).or(true),
    ],
    takes_indices: false,
    build: |context| pooling::average(context, Rank::One),
};
