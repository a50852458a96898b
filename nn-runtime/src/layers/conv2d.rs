//! A two-dimensional convolution (a cross-correlation, as everywhere in the field).
//! PyTorch: `torch.nn.Conv2d(channels, OUT, kernel, stride, padding, dilation, groups)`.
//!
//! ```text
//! output[m, y, x] = bias[m] + Σ_c Σ_i Σ_j weight[m, (c, i, j)]
//!                             · input[c, y · stride + i · dilation - padding, x · stride + j · dilation - padding]
//! ```
//!
//! `input` is `[BATCH, channels, height, width]`, with zeros in the padding; `weight` is `[OUT, K]`, its column
//! `(c · kernel height + i) · kernel width + j`; `bias` is `[OUT]`. With groups, the channels and the outputs are both
//! divided into as many parts, and each part of the outputs sees its part of the channels only:
//! `K = channels / groups · kernel height · kernel width`.
//!
//! # Backward
//!
//! ```text
//! grad_weight[m, (c, i, j)] += Σ_batch Σ_y Σ_x grad_output[m, y, x] · (the input that the weight met there)
//! grad_bias[m]              += Σ_batch Σ_y Σ_x grad_output[m, y, x]
//! grad_input[c, y, x]        = Σ_m Σ_i Σ_j weight[m, (c, i, j)] · (the gradient of the output where the weight met it)
//! ```
//!
//! Nothing is cached: the parameters need the input.

pub use crate::families::convolution::{backward_input, backward_parameters, forward, forward_relu, init};
