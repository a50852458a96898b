//! The mean of each window of each channel. PyTorch: `torch.nn.AvgPool2d(kernel, stride, padding, ceil_mode, count_include_pad)`.
//!
//! ```text
//! output[c, y, x] = Σ_i Σ_j input[c, y · stride[0] + i - padding[0], x · stride[1] + j - padding[1]] / count
//!                                                     [BATCH, C, H, W] -> [BATCH, C, OH, OW]
//! ```
//!
//! Padding counts as 0. `count` is the points of the window in the padded input, which are `kernel[0] · kernel[1]` unless
//! `ceil_mode` adds a window that ends behind it, or with `count_include_pad = false` its points in the input. A mean is
//! finite where its values are, also where their sum is too large for the type.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, y', x'] = Σ grad_output[c, y, x] / count   over the windows that hold y', x'
//! ```
//!
//! Nothing is cached.

pub use crate::families::pooling::avg::{backward_input, forward};
