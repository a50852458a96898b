//! `embedding(num_embeddings, embedding_dim)`: `[steps]` of indices to `[steps, features]`.

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::spec::{Argument, Axis, Calls, Layer, Parameter, Step};

const NUM_EMBEDDINGS: Key<usize> = Key::size("num_embeddings");
const EMBEDDING_DIM: Key<usize> = Key::size("embedding_dim");

pub const DEFINITION: Definition = Definition {
    keyword: "embedding",
    options: &[NUM_EMBEDDINGS.required(), EMBEDDING_DIM.required()],
    takes_indices: true,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (entries, features) = (context.options.get(&NUM_EMBEDDINGS), context.options.get(&EMBEDDING_DIM));
    let [steps] = *context.input.sizes() else {
        return Err(context.wrong_shape("[steps]", 1, "declare the input as one index a step, such as `u16 [32]`"));
    };
    let output = context.output(vec![steps, features])?;
    check_reach(context, entries)?;
    Ok(Layer {
        parameters: vec![Parameter::table("weight", features, entries)],
        index_bound: Some(entries),
        calls: Calls {
            init: Some(vec![Argument::Gradient("weight"), Argument::Rng]),
            forward: Some(vec![Argument::Parameter("weight"), Argument::Input, Argument::Output]),
            backward_parameters: Some(vec![Argument::Input, Argument::GradOutput, Argument::Gradient("weight")]),
            step: Step::Infer(Axis::First),
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}

/// Whether an index can reach all entries.
fn check_reach(context: &Context, entries: usize) -> Result<(), Diagnostic> {
    let Some(reached) = context.element.indices().filter(|reached| entries as u64 > *reached) else { return Ok(()) };
    let (keyword, element) = (context.keyword, context.element.name());
    let error = format!("`{keyword}` has {entries} entries, but an index of type `{element}` reaches only {reached}");
    let wider = if entries <= 1 << 16 { "u16" } else { "u32" };
    let help = format!("declare the input as `{wider} {}`", context.input);
    Err(context.error_at(&NUM_EMBEDDINGS, error).help(help))
}
