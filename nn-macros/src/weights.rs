//! `#[weights("network.safetensors")]`: the values of a network's parameters, read and checked while `network!` expands.
//!
//! An invalid file does not suppress the network: it expands, and only `PRETRAINED` reports the errors.

#[cfg(feature = "weights")]
mod file;
#[cfg(feature = "weights")]
mod fit;
#[cfg(feature = "weights")]
mod problem;
#[cfg(feature = "weights")]
mod spec;
#[cfg(all(test, feature = "weights"))]
mod tests;
#[cfg(feature = "weights")]
mod values;

use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Model, Pretrained, Values, WeightsFile};

/// Reads the files that a network is marked with.
pub fn read(model: &Model) -> Vec<Pretrained> {
    let read = |file: &WeightsFile| Pretrained { file: file.clone(), values: read_file(model, file) };
    model.attributes.weights.iter().map(read).collect()
}

#[cfg(feature = "weights")]
fn read_file(model: &Model, written: &WeightsFile) -> Result<Values, Report> {
    let (path, bytes) = file::read(&written.path)?;
    let file = file::File::parse(&written.path, &bytes)?;
    if model.graph.operations.iter().all(|operation| !operation.has_field) {
        let error = format!("`{}` has no parameters that a file could have", model.name);
        return Err(Diagnostic::new(written.path.span(), error).help("remove `#[weights(..)]`").into());
    }
    Ok(Values { path, parts: fit::fit(model, &file)? })
}

#[cfg(not(feature = "weights"))]
fn read_file(_: &Model, written: &WeightsFile) -> Result<Values, Report> {
    Err(no_feature(written).into())
}

/// Where the feature is off, its dependency is not there either.
#[cfg(any(test, not(feature = "weights")))]
fn no_feature(written: &WeightsFile) -> Diagnostic {
    let error = "`#[weights(..)]` needs the feature `weights` of `nn-runtime`";
    let help = "turn it on in `Cargo.toml`: `nn-runtime = { version = \"0.1\", features = [\"weights\"] }`";
    Diagnostic::new(written.path.span(), error).help(help)
}

#[cfg(test)]
mod feature {
    use syn::parse_quote;

    use super::no_feature;
    use crate::diagnostic::Report;
    use crate::model::WeightsFile;

    #[test]
    fn the_error_without_the_feature_names_it() {
        let written = WeightsFile { path: parse_quote!("a.safetensors"), conditions: Vec::new() };
        let error = Report::from(no_feature(&written)).tokens().to_string();
        assert!(error.contains("needs the feature `weights` of `nn-runtime`\\nhelp: turn it on"), "{error}");
    }
}
