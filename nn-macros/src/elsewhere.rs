//! Words that users bring from other frameworks, and what to write here. They are tables: a file for each kind of word.

pub mod layers;
pub mod options;
#[cfg(test)]
mod tests;
pub mod values;

/// A name in small letters and without underscores, so that `LayerNorm`, `layer_norm` and `layernorm` are one.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}
