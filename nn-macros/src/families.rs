//! What the layers of a family share. A file in `layers` is a layer, apart from the table of elementwise functions.

pub mod convolution;
pub mod normalisation;
pub mod pooling;
pub mod recurrent;
pub mod sequence;
pub mod window;
