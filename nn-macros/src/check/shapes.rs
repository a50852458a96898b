//! The shapes of the whole network.

use proc_macro2::Span;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::{Made, Model, Port, Row};

pub fn check_output(Subject { model, .. }: &Subject) -> Vec<Diagnostic> {
    let outputs = model.tensors.outputs.0.iter().zip(&model.written.outputs);
    outputs.filter_map(|(declared, (span, made))| check(model, declared, *span, made)).collect()
}

fn check(model: &Model, declared: &Port, span: Span, made: &Made) -> Option<Diagnostic> {
    let Model { tensors, rows, .. } = model;
    let (name, Made { shape: made, shapes }, declared) = (&declared.name, made, &declared.shape);
    if made == declared {
        return None;
    }
    let ends = match (declared.sizes(), made.sizes()) {
        ([features], [_]) => format!("end with `linear({features})`"),
        ([features], [_, last]) if features == last => match is_sequence(rows) {
            Some(true) => "end with `last`, for the last of the steps, or `mean`, for all of them".into(),
            Some(false) => format!("end with `flatten, linear({features})`"),
            None => "begin with `flatten`, or for a sequence end with `last` or `mean`".into(),
        },
        ([features], [_, _]) if is_sequence(rows) == Some(true) => {
            format!("end with `last, linear({features})`, or `mean, linear({features})`")
        }
        ([features], _) if *features == made.len() => "end with `flatten`".into(),
        ([features], _) => format!("end with `flatten, linear({features})`"),
        _ => String::new(),
    };
    let or = if ends.is_empty() { "" } else { ", or " };
    let error = match name {
        None => format!("the network makes {made}, but its declared output is {declared}"),
        Some(name) => format!("`{name}` makes {made}, but its declared output is {declared}"),
    };
    let error = shapes.note(Diagnostic::new(span, error));
    let meant = rows.iter().find_map(|row| tensors.channels_first(&row.keyword));
    let declare = name.as_ref().map_or_else(|| format!("-> {made}"), |name| format!("{name}: {made}"));
    let help = format!("{ends}{or}declare `{declare}`");
    Some(error.help(meant.map_or(help.clone(), |meant| meant.or_channels_first(&help))))
}

/// Whether two dimensions at the end are steps and features, and not channels and length; `None` if no layer tells.
fn is_sequence(rows: &[Row]) -> Option<bool> {
    let mut is_swapped = false;
    for row in rows.iter().rev() {
        match row.keyword.as_str() {
            "transpose" => is_swapped = !is_swapped,
            "rnn"
            | "gru"
            | "lstm"
            | "multihead_attention"
            | "embedding"
            | "positional_embedding"
            | "positional_encoding" => return Some(!is_swapped),
            "permute" | "reshape" => return None,
            keyword if keyword.ends_with("1d") => return Some(is_swapped),
            _ => {}
        }
    }
    None
}
