//! What the layers of a family share: everything but what tells them apart. A file in `layers` is a layer, and no layer uses
//! another; arithmetic that knows of no layer is in `kernels`.

pub(crate) mod activation;
pub(crate) mod combination;
pub(crate) mod convolution;
#[cfg(test)]
pub(crate) mod differences;
pub(crate) mod elementwise;
pub(crate) mod lengths;
pub(crate) mod normalisation;
pub(crate) mod parts;
pub(crate) mod places;
pub(crate) mod pooling;
pub(crate) mod positions;
pub(crate) mod recurrent;
pub(crate) mod softmax;
