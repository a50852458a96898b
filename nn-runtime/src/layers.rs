//! The layers: forward and backward side by side, on nalgebra's types. What `network!` writes calls them.
//!
//! Every function takes the machine level, then its options, the parameters, the input or output, the cache, the
//! gradients and the pass, as far as it needs them, in this order.

pub mod avg_pool1d;
pub mod avg_pool2d;
pub mod batch_norm1d;
pub mod batch_norm2d;
pub mod conv1d;
pub mod conv2d;
pub mod conv_transpose1d;
pub mod conv_transpose2d;
pub mod dropout;
pub mod elu;
pub mod embedding;
pub mod gelu;
pub mod global_avg_pool;
pub mod global_max_pool;
pub mod group_norm;
pub mod gru;
pub mod hard_sigmoid;
pub mod hard_swish;
pub mod hard_tanh;
pub mod last;
pub mod layer_norm;
pub mod leaky_relu;
pub mod linear;
pub mod log_softmax;
pub mod lstm;
pub mod max_pool1d;
pub mod max_pool2d;
pub mod mean;
pub mod mish;
pub mod multihead_attention;
pub mod narrow;
pub mod pad;
pub mod permute;
pub mod positional_embedding;
pub mod positional_encoding;
pub mod prelu;
pub mod relu;
pub mod relu6;
pub mod rms_norm;
pub mod rnn;
pub mod selu;
pub mod sigmoid;
pub mod silu;
pub mod softmax;
pub mod softplus;
pub mod softsign;
pub mod tanh;
pub mod transpose;
pub mod upsample;
