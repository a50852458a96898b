//! The memory of passes over tiles.

use bytemuck::Zeroable;

use crate::aligned::Aligned;
use crate::network::{Parameters, Tile, Trainable};

/// What the passes over a tile of `BATCH` rows write, apart from the gradient.
#[derive(Zeroable)]
#[zeroable(bound = "")]
pub(super) struct Memory<N: Trainable, const BATCH: usize> {
    pub(super) input: Aligned<Tile<N::Input, BATCH>>,
    pub(super) workspace: Aligned<<N::Parameters as Parameters>::Workspace<BATCH>>,
}
