//! The registry of the layers that have a keyword. No other file knows the files of the layers, and none of them uses
//! another.

mod avg_pool1d;
mod avg_pool2d;
mod batch_norm1d;
mod batch_norm2d;
mod conv1d;
mod conv2d;
mod conv_transpose1d;
mod conv_transpose2d;
mod dropout;
mod elementwise;
mod embedding;
mod flatten;
mod global_avg_pool;
mod global_max_pool;
mod glu;
mod group_norm;
mod gru;
mod last;
mod layer_norm;
mod linear;
mod log_softmax;
mod lstm;
mod max_pool1d;
mod max_pool2d;
mod mean;
mod multihead_attention;
mod narrow;
mod normalize;
mod pad;
mod permute;
mod positional_embedding;
mod positional_encoding;
mod prelu;
mod reshape;
mod rms_norm;
mod rnn;
mod shared;
mod softmax;
mod transpose;
mod upsample;
use proc_macro2::Ident;

use crate::model::definition::Definition;

/// Every layer that has a keyword, apart from those that `source::stages` takes apart.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    LAYERS.iter().chain(elementwise::DEFINITIONS)
}

/// The keywords of the structures.
pub const STRUCTURES: &[&str] = &["add", "concat", "each", "mul", "repeat", "residual", "sub"];

/// The keywords that split a value into `narrow`s.
pub const PARTS: &[&str] = &["chunk", "split"];

/// The layer that makes each part.
pub const fn narrow() -> &'static Definition {
    &narrow::DEFINITION
}

/// Whether a layer only moves values.
pub fn moves_values(keyword: &str) -> bool {
    ["flatten", "last", "narrow", "permute", "reshape", "transpose"].contains(&keyword)
}

/// All keywords.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    all().map(|layer| layer.keyword).chain([STRUCTURES, PARTS].concat())
}

/// Whether a word is a keyword.
pub fn is_keyword(word: &Ident) -> bool {
    keywords().any(|keyword| word == keyword)
}

/// Whether a layer is an entry in the table of elementwise functions, without a file of its own.
#[cfg(test)]
pub fn is_elementwise(keyword: &str) -> bool {
    elementwise::DEFINITIONS.iter().any(|layer| layer.keyword == keyword)
}

const LAYERS: &[Definition] = &[
    avg_pool1d::DEFINITION,
    avg_pool2d::DEFINITION,
    batch_norm1d::DEFINITION,
    batch_norm2d::DEFINITION,
    conv1d::DEFINITION,
    conv2d::DEFINITION,
    conv_transpose1d::DEFINITION,
    conv_transpose2d::DEFINITION,
    dropout::DEFINITION,
    embedding::DEFINITION,
    flatten::DEFINITION,
    global_avg_pool::DEFINITION,
    global_max_pool::DEFINITION,
    glu::DEFINITION,
    group_norm::DEFINITION,
    gru::DEFINITION,
    last::DEFINITION,
    layer_norm::DEFINITION,
    linear::DEFINITION,
    log_softmax::DEFINITION,
    lstm::DEFINITION,
    max_pool1d::DEFINITION,
    max_pool2d::DEFINITION,
    mean::DEFINITION,
    multihead_attention::DEFINITION,
    narrow::DEFINITION,
    normalize::DEFINITION,
    pad::DEFINITION,
    permute::DEFINITION,
    positional_embedding::DEFINITION,
    positional_encoding::DEFINITION,
    prelu::DEFINITION,
    reshape::DEFINITION,
    rms_norm::DEFINITION,
    rnn::DEFINITION,
    softmax::DEFINITION,
    transpose::DEFINITION,
    upsample::DEFINITION,
];
