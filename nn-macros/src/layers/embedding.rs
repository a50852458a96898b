//! `embedding(num_embeddings, embedding_dim)`: `[steps]` of indices to `[steps, features]`.

use super::{Argument, Axis, Calls, Context, Definition, Layer, Parameter, Step};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "embedding",
    options: &[
        OptionSpec::new("num_embeddings", Kind::Size, Unwritten::Required),
        OptionSpec::new("embedding_dim", Kind::Size, Unwritten::Required),
    ],
    takes_indices: true,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (entries, features) = (context.options.size("num_embeddings"), context.options.size("embedding_dim"));
    let [steps] = *context.input.sizes() else {
        return Err(context.wrong_shape("[steps]", 1, "declare the input as one index a step, such as `u16 [32]`"));
    };
    Ok(Layer {
        output: Some(context.output(vec![steps, features])?),
        parameters: vec![Parameter::table("weight", features, entries)],
        index_bound: Some(entries),
        calls: Calls {
            init: Some(vec![Argument::Gradient("weight"), Argument::Rng]),
            forward: Some(vec![Argument::Parameter("weight"), Argument::Input, Argument::Output]),
            backward_parameters: Some(vec![Argument::Input, Argument::GradOutput, Argument::Gradient("weight")]),
            step: Step::Infer(Axis::First),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
