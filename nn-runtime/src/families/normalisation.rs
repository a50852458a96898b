//! What the layers that normalise share.

pub(crate) mod batch;
pub(crate) mod groups;
