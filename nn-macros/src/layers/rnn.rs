//! `rnn(hidden_size, nonlinearity = tanh, bidirectional = false)`: `[steps, features]` to `[steps, hidden]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::recurrent::{self, BIDIRECTIONAL, Cell, HIDDEN_SIZE};
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, Word};
use crate::model::spec::Layer;

const NONLINEARITY: Key<Word> = Key::word("nonlinearity", &["tanh", "relu"]);

pub const DEFINITION: Definition = Definition {
    keyword: "rnn",
    options: &[HIDDEN_SIZE.required(), NONLINEARITY.or("tanh"), BIDIRECTIONAL.or(false)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let function = context.options.get(&NONLINEARITY).variant();
    let formulas = quote!(nn::rnn::Rnn(nn::rnn::#function));
    recurrent::build(context, Cell { gates: 1, kept: 1, state: 1, formulas })
}
