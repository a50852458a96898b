//! Normalisation of each channel of an image by its mean and variance over the mini-batch. PyTorch:
//! `torch.nn.BatchNorm2d(C, eps, momentum)`.
//!
//! ```text
//! output = (input - mean) / sqrt(var + eps) · weight + bias    [BATCH, C, height, width]
//! ```
//!
//! Forward and backward are [`batch_norm1d`](super::batch_norm1d)'s over `length = height · width`: in training `mean` and
//! `var` are over the `n = rows · height · width` values of a channel, in evaluation they are `running_mean` and
//! `running_var`.
//!
//! # Backward
//!
//! ```text
//! rstd         = 1 / sqrt(var + eps)
//! norm         = (input - mean) · rstd
//! grad_weight += Σ grad_output · norm               over n
//! grad_bias   += Σ grad_output                      over n
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                          term 1: through norm
//!                        - mean(grad_norm)                  term 2: through mean
//!                        - norm · mean(grad_norm · norm))   term 3: through var
//! ```
//!
//! In evaluation only term 1 remains; the running statistics change as in [`batch_norm1d`](super::batch_norm1d). Cached in
//! training: `mean` and `var`.

pub use crate::families::normalisation::batch::{backward_input, backward_parameters, forward, infer, init};
