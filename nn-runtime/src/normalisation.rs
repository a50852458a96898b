//! What the layers that normalise share.

pub mod batch;
pub(crate) mod groups;
