//! A two-dimensional transposed convolution: what a convolution with the same options passes back as the gradient of its
//! input. PyTorch: `torch.nn.ConvTranspose2d(channels, OUT, kernel, stride, padding, output_padding, groups, bias, dilation)`.
//!
//! ```text
//! output[m, y', x'] = bias[m] + Σ weight[c, (m, i, j)] · input[c, y, x]
//!                     over all c, y, x, i, j with y' = y · stride + i · dilation - padding, and x' likewise
//! ```
//!
//! `input` is `[BATCH, CHANNELS, height, width]`; `weight` is `[CHANNELS, K]`, its column
//! `(m · kernel height + i) · kernel width + j`; `bias` is `[OUT]`. The output's height is
//! `(height - 1) · stride - 2 · padding + dilation · (kernel - 1) + output_padding + 1`, its width likewise. With groups,
//! the channels and the outputs are both divided into as many parts, and each part of the channels adds to its part of the
//! outputs only: `K = OUT / groups · kernel height · kernel width`.
//!
//! The window is that of the convolution: its input is the output here.
//!
//! # Backward
//!
//! ```text
//! grad_weight[c, (m, i, j)] += Σ_batch Σ_y Σ_x input[c, y, x] · (the gradient of the output that the weight met there)
//! grad_bias[m]              += Σ_batch Σ_y' Σ_x' grad_output[m, y', x']
//! grad_input[c, y, x]        = Σ_m Σ_i Σ_j weight[c, (m, i, j)]
//!                              · grad_output[m, y · stride + i · dilation - padding, x · stride + j · dilation - padding]
//! ```
//!
//! Nothing is cached: the parameters need the input.

pub use crate::families::convolution::transposed::{backward_input, backward_parameters, forward, init};
