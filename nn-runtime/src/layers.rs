//! The layers: forward and backward side by side, on nalgebra's types. What `network!` writes calls them.
//!
//! Every function takes the machine level, then its options, the parameters, the input or output, the cache, the
//! gradients and the pass, as far as it needs them, in this order.

pub mod batch_norm1d;
pub mod conv2d;
#[cfg(test)]
mod differences;
pub mod dropout;
pub mod embedding;
pub mod gru;
pub mod linear;
pub mod log_softmax;
pub mod max_pool2d;
pub mod relu;
pub mod sigmoid;
pub mod softmax;
pub mod tanh;
pub mod transpose;
