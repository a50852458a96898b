//! A one-dimensional convolution (a cross-correlation, as everywhere in the field).
//! PyTorch: `torch.nn.Conv1d(channels, OUT, kernel, stride, padding, dilation, groups)`.
//!
//! ```text
//! output[m, x] = bias[m] + Σ_c Σ_j weight[m, (c, j)] · input[c, x · stride + j · dilation - padding]
//! ```
//!
//! `input` is `[BATCH, channels, length]`, with zeros in the padding; `weight` is `[OUT, K]`, its column
//! `c · kernel + j`; `bias` is `[OUT]`. With groups, the channels and the outputs are both divided into as many parts, and
//! each part of the outputs sees its part of the channels only: `K = channels / groups · kernel`.
//!
//! A causal convolution has `dilation · (kernel - 1)` zeros before the input and none behind it, so that no output sees
//! what comes after it. [`step`] computes one of stride 1 as its input comes in, [`step_block`] several steps of it at once.
//!
//! # Backward
//!
//! ```text
//! grad_weight[m, (c, j)] += Σ_batch Σ_x grad_output[m, x] · (the input that the weight met there)
//! grad_bias[m]           += Σ_batch Σ_x grad_output[m, x]
//! grad_input[c, x]        = Σ_m Σ_j weight[m, (c, j)] · (the gradient of the output where the weight met it)
//! ```
//!
//! Nothing is cached: the parameters need the input.

mod block;
mod step;

pub use crate::families::convolution::{backward_input, backward_parameters, forward, forward_relu, init};
pub use block::step_block;
pub use step::step;
