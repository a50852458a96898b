//! The mean of each window of each channel. PyTorch: `torch.nn.AvgPool2d(kernel, stride, padding, count_include_pad=..)`.
//!
//! ```text
//! output[c, y, x] = Σ_i Σ_j input[c, y · stride[0] + i - padding[0], x · stride[1] + j - padding[1]] / count
//!                                                     [BATCH, C, H, W] -> [BATCH, C, OH, OW]
//! ```
//!
//! Padding counts as 0. `count` is `kernel[0] · kernel[1]`, or with `count_include_pad = false` the points of the window
//! that are not in the padding. A mean is finite where its values are, also where their sum is too large for the type.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, y', x'] = Σ grad_output[c, y, x] / count   over the windows that hold y', x'
//! ```
//!
//! Nothing is cached.

pub use crate::families::pooling::avg::{backward_input, forward};
