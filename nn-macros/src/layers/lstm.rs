//! `lstm(hidden_size, bidirectional = false)`: `[steps, features]` to `[steps, hidden]`.

use crate::layers::shared::recurrent::{BIDIRECTIONAL, Cell, HIDDEN_SIZE, build};
use crate::model::definition::Definition;

pub const DEFINITION: Definition = Definition {
    keyword: "lstm",
    options: &[HIDDEN_SIZE.required(), BIDIRECTIONAL.or(false)],
    takes_indices: false,
    build: |context| build(context, &Cell { gates: 4, kept: 5, state: 2 }, &[]),
};
