//! The maximum of each window of each channel. PyTorch: `torch.nn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=..)`.
//!
//! ```text
//! output[c, y, x] = max over i < kernel[0], j < kernel[1] of
//!                   input[c, y · stride[0] + i · dilation[0] - padding[0], x · stride[1] + j · dilation[1] - padding[1]]
//!                                                     [BATCH, C, H, W] -> [BATCH, C, OH, OW]
//! ```
//!
//! Padding counts as -∞; a NaN in a window is its maximum.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, y', x'] = Σ grad_output[c, y, x]   over the windows whose maximum stands at y', x'
//! ```
//!
//! Cached: the position `i · kernel[1] + j` of each maximum in its window, a byte. A tie goes to the first position, a NaN
//! to the last.

pub use crate::families::pooling::max::{backward_input, forward, infer};
