//! A one-dimensional transposed convolution: what a convolution with the same options passes back as the gradient of its
//! input. PyTorch: `torch.nn.ConvTranspose1d(channels, OUT, kernel, stride, padding, output_padding, groups, bias, dilation)`.
//!
//! ```text
//! output[m, x'] = bias[m] + Σ weight[c, (m, j)] · input[c, x]
//!                 over all c, x, j with x' = x · stride + j · dilation - padding
//! ```
//!
//! `input` is `[BATCH, CHANNELS, length]`; `weight` is `[CHANNELS, K]`, its column `m · kernel + j`; `bias` is `[OUT]`. The
//! output's length is `(length - 1) · stride - 2 · padding + dilation · (kernel - 1) + output_padding + 1`. With groups, the
//! channels and the outputs are both divided into as many parts, and each part of the channels adds to its part of the
//! outputs only: `K = OUT / groups · kernel`.
//!
//! The window is that of the convolution, of height 1: its input is the output here.
//!
//! # Backward
//!
//! ```text
//! grad_weight[c, (m, j)] += Σ_batch Σ_x input[c, x] · (the gradient of the output that the weight met there)
//! grad_bias[m]           += Σ_batch Σ_x' grad_output[m, x']
//! grad_input[c, x]        = Σ_m Σ_j weight[c, (m, j)] · grad_output[m, x · stride + j · dilation - padding]
//! ```
//!
//! Nothing is cached: the parameters need the input.

pub use crate::families::convolution::transposed::{backward_input, backward_parameters, forward, init};
