//! `gru(hidden_size, bidirectional = false)`: `[steps, features]` to `[steps, hidden]`.

use super::Definition;
use crate::layers::shared::recurrent::{BIDIRECTIONAL, Cell, HIDDEN_SIZE, build};

pub const DEFINITION: Definition = Definition {
    keyword: "gru",
    options: &[HIDDEN_SIZE, BIDIRECTIONAL],
    takes_indices: false,
    build: |context| build(context, &Cell { gates: 3, kept: 4, state: 1 }, &[]),
};
