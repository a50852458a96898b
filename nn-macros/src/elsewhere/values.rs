//! Words that other languages and frameworks have as values, sizes and element types.

use super::plain;
use crate::model::options::{Kind, OptionSpec};

/// Words for a value that is not there.
const NOTHING: &[&str] = &["None", "none", "null", "nil", "Null", "NULL", "nullptr", "undefined", "NONE", "Nothing"];

/// Words for the batch, in small letters and without underscores.
const BATCH: &[&str] = &[
    "none",
    "null",
    "batch",
    "batchsize",
    "batchdim",
    "bs",
    "nbatch",
    "nbatches",
    "numbatches",
    "minibatch",
    "samples",
    "numsamples",
    "nsamples",
    "dyn",
    "dynamic",
    "any",
];

/// Letters for the batch, which may also be a const that is not declared.
const BATCH_LETTERS: &[&str] = &["N", "B", "n", "b"];

/// Element types, in small letters and without underscores, and what to write here.
const ELEMENTS: &[(&str, &str)] = &[
    ("float float32 single real fp32 tensor float32t", "it is called `f32` here"),
    ("double float64 fp64", "it is called `f64` here"),
    (
        "half f16 float16 fp16 bf16 bfloat16 bfloat f8 fp8 f128",
        "networks compute in `f32` or `f64`: convert the weights and the data to `f32`",
    ),
    ("uint8 byte uchar", "it is called `u8` here"),
    ("uint16 ushort", "it is called `u16` here"),
    ("uint32 uint", "it is called `u32` here"),
    (
        "i8 i16 i32 i64 i128 u64 u128 int int8 int16 int32 int64 long short usize isize uint64 integer",
        "for indices write `u8`, `u16` or `u32`; for numbers convert them to `f32`",
    ),
    ("bool boolean", "for yes and no write `f32`, with 1.0 and 0.0"),
    ("char string str token text", "for text write indices, such as `u16`, and begin with an `embedding`"),
];

/// Whether a word stands for a value that is not there.
pub fn is_nothing(word: &str) -> bool {
    NOTHING.contains(&word)
}

/// Whether a word is a value elsewhere, though a const here could have its name.
pub fn is_word(word: &str) -> bool {
    is_nothing(word) || ["True", "False"].contains(&word)
}

/// Whether a size of this name is probably meant to be the batch.
pub fn is_batch(name: &str) -> bool {
    BATCH.contains(&plain(name).as_str()) || BATCH_LETTERS.contains(&name)
}

/// Whether a size of this name may also be meant to be a const.
pub fn may_be_const(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !is_nothing(name)
}

/// What to write for a word as the value of an option; `None` if nothing is known.
pub fn help(spec: &OptionSpec, word: &str) -> Option<String> {
    let (option, takes_bool) = (spec.name, spec.kind == Kind::Bool);
    match (option, word.to_lowercase().as_str()) {
        (_, small) if spec.kind.words().contains(&small) => Some(format!("write `{option} = {small}`")),
        (_, small @ ("true" | "false")) if takes_bool => Some(format!("write `{option} = {small}`")),
        (_, "none" | "off" | "no") if takes_bool => Some(format!("write `{option} = false`")),
        (_, "on" | "yes") if takes_bool => Some(format!("write `{option} = true`")),
        ("padding", "valid") => Some("write `padding = 0`, or leave it out".into()),
        ("padding", "same") => Some("write the padding on each side as a number: `padding = 1`".into()),
        ("padding", "causal") => Some("write `causal = true`, if the layer has this option".into()),
        _ if is_nothing(word) && spec.default.is_required() => {
            Some(format!("write `{option} = {}`", spec.kind.example()))
        }
        _ if is_nothing(word) => Some(format!("leave `{option}` out")),
        _ => number(spec.kind, word).map(|number| format!("write `{option} = {number}`")),
    }
}

/// The number in quotes, as an option of this kind takes it.
fn number(kind: Kind, word: &str) -> Option<String> {
    match kind {
        Kind::Float { least, most } => {
            let number = word.parse::<f64>().ok();
            number.filter(|number| number.is_finite() && (least..=most).contains(number)).map(|it| format!("{it:?}"))
        }
        Kind::Dimension | Kind::Place => word.parse::<isize>().ok().map(|number| number.to_string()),
        kind if kind.is_size() => word.parse::<usize>().ok().filter(|size| *size > 0).map(|size| size.to_string()),
        _ => None,
    }
}

/// What to write for an element type; `None` if nothing is known.
pub fn element(written: &str) -> Option<&'static str> {
    let written = plain(written);
    let is_known = |names: &str| names.split(' ').any(|name| name == written);
    ELEMENTS.iter().find(|(names, _)| is_known(names)).map(|(_, help)| *help)
}
