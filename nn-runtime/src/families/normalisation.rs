//! What the layers that normalise share.

pub(crate) mod batch;
mod extreme;
pub(crate) mod groups;
