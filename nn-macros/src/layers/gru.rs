//! `gru(hidden_size, bidirectional = false, reset_after = true, activation = tanh, h_0 = .., length = ..)`: `[steps, features]` to `[steps, hidden]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::recurrent::{self, ACTIVATION, BIDIRECTIONAL, Cell, H_0, HIDDEN_SIZE};
use crate::layers::shared::sequence::LENGTH;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::spec::Layer;

const RESET_AFTER: Key<bool> = Key::bool("reset_after");

pub const DEFINITION: Definition = Definition {
    keyword: "gru",
    options: &[
        HIDDEN_SIZE.required(),
        BIDIRECTIONAL.or(false),
        RESET_AFTER.or(true),
        ACTIVATION.or("tanh"),
        H_0.or_nothing(),
        LENGTH.or_nothing(),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (reset_after, function) = (context.options.get(&RESET_AFTER), context.options.get(&ACTIVATION).variant());
    let formulas = quote!(nn::gru::Gru::<#reset_after, _>(nn::gru::#function));
    recurrent::build(context, Cell { gates: 3, kept: 4, state: &[H_0], formulas })
}
