//! `rnn(hidden_size, nonlinearity = tanh, bidirectional = false)`: `[steps, features]` to `[steps, hidden]`.

use quote::{format_ident, quote};

use super::{Argument, Context, Definition, Layer};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::recurrent::{self, BIDIRECTIONAL, Cell, HIDDEN_SIZE};
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "rnn",
    options: &[
        HIDDEN_SIZE,
        OptionSpec::new("nonlinearity", Kind::Word(&["tanh", "relu"]), Unwritten::Word("tanh")),
        BIDIRECTIONAL,
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let nonlinearity =
        format_ident!("{}", if context.options.word("nonlinearity") == "relu" { "Relu" } else { "Tanh" });
    let nonlinearity = Argument::Option(quote!(nn::rnn::Nonlinearity::#nonlinearity));
    recurrent::build(context, &Cell { gates: 1, kept: 1, state: 1 }, &[nonlinearity])
}
