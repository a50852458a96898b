//! `lstm(hidden_size, bidirectional = false)`: `[steps, features]` to `[steps, hidden]`.

use super::Definition;
use crate::layers::shared::recurrent::{BIDIRECTIONAL, Cell, HIDDEN_SIZE, build};

pub const DEFINITION: Definition = Definition {
    keyword: "lstm",
    options: &[HIDDEN_SIZE, BIDIRECTIONAL],
    takes_indices: false,
    build: |context| build(context, &Cell { gates: 4, kept: 5, state: 2 }, &[]),
};
