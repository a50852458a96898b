//! `reshape([..])`: the same values in another shape. It writes no code.

use super::{Context, Definition, Layer};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "reshape",
    options: &[OptionSpec::new("shape", Kind::Shape, Unwritten::Required)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    match context.options.shape("shape") {
        Some(output) if output.len() == context.input.len() => Ok(Layer { output: Some(output), ..Layer::default() }),
        output => {
            let (output, input) = (output.map_or_else(String::new, |output| output.to_string()), context.input);
            let error = format!(
                "`reshape` to {output} does not keep the number of values of {input}, which is {}",
                input.len()
            );
            Err(context.error_at("shape", error).help("the sizes of both shapes must multiply to the same number"))
        }
    }
}
