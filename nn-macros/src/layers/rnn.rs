//! `rnn(hidden_size, nonlinearity = tanh, bidirectional = false, h_0 = .., length = ..)`: `[steps, features]` to `[steps, hidden]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::recurrent::{self, BIDIRECTIONAL, Cell, H_0, HIDDEN_SIZE};
use crate::layers::shared::sequence::LENGTH;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, Word};
use crate::model::spec::Layer;

const NONLINEARITY: Key<Word> = Key::word("nonlinearity", &["tanh", "relu"]);

pub const DEFINITION: Definition = Definition {
    keyword: "rnn",
    options: &[
        HIDDEN_SIZE.required(),
        NONLINEARITY.or("tanh"),
        BIDIRECTIONAL.or(false),
        H_0.or_nothing(),
        LENGTH.or_nothing(),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let function = context.options.get(&NONLINEARITY).variant();
    let formulas = quote!(nn::rnn::Rnn(nn::rnn::#function));
    recurrent::build(context, Cell { gates: 1, kept: 1, state: &[H_0], formulas })
}
