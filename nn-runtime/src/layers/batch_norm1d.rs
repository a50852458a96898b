//! Normalisation of each channel by its mean and variance over the mini-batch. PyTorch: `torch.nn.BatchNorm1d(C, eps, momentum)`.
//!
//! In training, over the `n = rows · length` values of a channel:
//!
//! ```text
//! mean   = Σ input / n                              [C]
//! var    = Σ (input - mean)² / n                    [C]   biased
//! rstd   = 1 / sqrt(var + eps)                      [C]
//! norm   = (input - mean) · rstd                    [BATCH, C, length]
//! output = norm · weight + bias                     [BATCH, C, length]
//! ```
//!
//! In evaluation `mean` and `var` are `running_mean` and `running_var`. A sample is `[C]` (its length is 1) or `[C, length]`.
//! The statistics are those of the tile, so a mini-batch must be one tile; rows that are padding do not count.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ grad_output · norm               over n
//! grad_bias   += Σ grad_output                      over n
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                          term 1: through norm
//!                        - mean(grad_norm)                  term 2: through mean
//!                        - norm · mean(grad_norm · norm))   term 3: through var
//! ```
//!
//! In evaluation only term 1 remains. `running_mean` and `running_var` have no gradient: in training their place in it
//! takes the change that the update adds,
//!
//! ```text
//! grad_running_mean += momentum · (mean - running_mean)
//! grad_running_var  += momentum · (var · n / (n - 1) - running_var)   unbiased
//! ```
//!
//! Where the variance and `eps` are both 0, `rstd` counts as 0: output and gradients are finite. Values of 1e20 in `f32`, whose
//! variance is infinite, are normalised as the equations say; their running variance becomes infinite.
//!
//! The unbiased variance of a single value does not exist, so training refuses a mini-batch of one sample where the length is 1,
//! as PyTorch does. These functions count it as 0.
//!
//! Cached in training: `mean` and `var`. `norm` is computed again: a multiply-add for each value instead of its memory.

pub use crate::families::normalisation::batch::{backward_input, backward_parameters, forward, infer, init};
