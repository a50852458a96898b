//! What layers share: each file next to this folder is a layer, or the table of elementwise functions.

pub mod convolution;
pub mod dimension;
pub mod normalisation;
pub mod pooling;
pub mod recurrent;
pub mod sequence;
pub mod window;
