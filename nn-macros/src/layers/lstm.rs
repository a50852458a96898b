//! `lstm(hidden_size, bidirectional = false, activation = tanh, h_0 = .., c_0 = .., length = ..)`: `[steps, features]` to `[steps, hidden]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::recurrent::{self, ACTIVATION, BIDIRECTIONAL, C_0, Cell, H_0, HIDDEN_SIZE};
use crate::layers::shared::sequence::LENGTH;
use crate::model::definition::{Context, Definition};
use crate::model::spec::Layer;

pub const DEFINITION: Definition = Definition {
    keyword: "lstm",
    options: &[
        HIDDEN_SIZE.required(),
        BIDIRECTIONAL.or(false),
        ACTIVATION.or("tanh"),
        H_0.or_nothing(),
        C_0.or_nothing(),
        LENGTH.or_nothing(),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let function = context.options.get(&ACTIVATION).variant();
    let formulas = quote!(nn::lstm::Lstm(nn::lstm::#function));
    recurrent::build(context, Cell { gates: 4, kept: 5, state: &[H_0, C_0], formulas })
}
