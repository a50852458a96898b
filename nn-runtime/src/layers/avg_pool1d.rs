//! The mean of each window of each channel. PyTorch: `torch.nn.AvgPool1d(kernel, stride, padding, ceil_mode, count_include_pad)`.
//!
//! ```text
//! output[c, x] = Σ_j input[c, x · stride + j - padding] / count    [BATCH, C, L] -> [BATCH, C, OL]
//! ```
//!
//! Padding counts as 0. `count` is the points of the window in the padded input, which are `kernel` unless `ceil_mode` adds a
//! window that ends behind it, or with `count_include_pad = false` its points in the input. A mean is finite where its values
//! are, also where their sum is too large for the type.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, x'] = Σ grad_output[c, x] / count   over the windows that hold x'
//! ```
//!
//! Nothing is cached.

pub use crate::families::pooling::avg::{backward_input, forward};
