//! The maximum of each window of each channel. PyTorch: `torch.nn.MaxPool1d(kernel, stride, padding, dilation, ceil_mode=..)`.
//!
//! ```text
//! output[c, x] = max over j < kernel of input[c, x · stride + j · dilation - padding]
//!                                                     [BATCH, C, L] -> [BATCH, C, OL]
//! ```
//!
//! Padding counts as -∞; a NaN in a window is its maximum.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, x'] = Σ grad_output[c, x]   over the windows whose maximum stands at x'
//! ```
//!
//! Cached: the position `j` of each maximum in its window, a byte. A tie goes to the first position, a NaN to the last.

pub use crate::families::pooling::max::{backward_input, forward, infer};
