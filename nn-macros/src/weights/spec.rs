//! The description of a network that a file may have, as `nn-runtime` writes it: the shapes of input and output, then a line for
//! each stage, with those of a network inside of the network behind its own.

use std::collections::HashMap;

use super::file::File;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Model, Row, StoredLine};

/// The lines inside of each stage of a type from elsewhere, by the stage's row.
pub type Inside = HashMap<usize, Vec<StoredLine>>;

/// Whether the network that wrote the file is this one. Equal tensor shapes are not enough: `tanh` has no tensors. A file of
/// frozen parameters alone may be of another network, whose stages of those names are the same. What a stage of a type from
/// elsewhere has inside is left for the compiler.
pub fn check(model: &Model, file: &File, is_frozen_alone: bool) -> Result<Option<Inside>, Diagnostic> {
    let Some(description) = &file.network else { return Ok(None) };
    let (theirs, ours) = (stages(description, file), describe(model));
    let pairs = if is_frozen_alone {
        let named = |name: &str| theirs.iter().find(|line| line.text.split(": ").next() == Some(name));
        let frozen = ours.iter().filter_map(|line| Some((model.rows.get(line.row?)?, line)));
        frozen.filter(|(row, _)| has_frozen(model, row)).map(|(row, line)| (named(&row.name), Some(line))).collect()
    } else {
        differing(&theirs, &ours)
    };
    let (same, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|pair| match pair {
        (Some(theirs), Some(ours)) => is_same(theirs, ours),
        _ => false,
    });
    if others.is_empty() {
        let all = theirs.iter().zip(&ours).map(|(theirs, ours)| (Some(theirs), Some(ours)));
        let pairs: Vec<_> = if is_frozen_alone { same } else { all.collect() };
        let inside = pairs.into_iter().filter_map(|(theirs, ours)| Some((ours?.row?, inside(theirs?))));
        return Ok(Some(inside.collect()));
    }
    let quoted = |line: Option<&str>| line.map_or_else(|| "nothing".to_owned(), |line| format!("`{line}`"));
    let lines = others.iter().take(MOST_LINES).map(|(theirs, ours)| {
        let [theirs, ours] = [theirs.map(|line| line.text), ours.map(|line| line.text.as_str())].map(quoted);
        format!("{theirs} in the file, but {ours} here")
    });
    let note = lines.collect::<Vec<_>>().join(",\n      ");
    let error = format!("`{}` is of another network than `{}`", file.path, model.name);
    let error = Diagnostic::new(file.span, error).note(note);
    Err(error.help("declare the network as it was when the file was saved, or train it and save it again"))
}

/// How many stages that differ are shown.
const MOST_LINES: usize = 8;

/// A line of the file, and those of the network inside.
struct Theirs<'a> {
    text: &'a str,
    /// The stage's name, if the file has tensors of it.
    name: Option<&'a str>,
    /// Lines, each with the name that its stage has inside, if the file has tensors of it.
    inside: Vec<(&'a str, Option<&'a str>)>,
}

/// A line of this network.
struct Ours {
    text: String,
    /// Its row of the table of layers; the first line has none.
    row: Option<usize>,
    /// Whether its type is from elsewhere, and so may be a network.
    is_foreign: bool,
}

/// The lines of a description.
fn stages<'a>(description: &'a str, file: &File) -> Vec<Theirs<'a>> {
    let mut stages: Vec<Theirs> = Vec::new();
    for text in description.lines() {
        let name = name(text).filter(|name| file.has_tensors_of(name));
        match stages.last_mut().filter(|last| is_inside(text, last.text)) {
            Some(last) => {
                let networks = last.inside.iter().rev().map(|(text, _)| *text).chain([last.text]);
                let outer = networks.filter(|network| is_inside(text, network)).find_map(self::name);
                let name = name.zip(outer).and_then(|(name, outer)| name.strip_prefix(outer)?.strip_prefix('.'));
                last.inside.push((text, name));
            }
            None => stages.push(Theirs { text, name, inside: Vec::new() }),
        }
    }
    stages
}

/// The name of a line's stage, if it has one.
fn name(line: &str) -> Option<&str> {
    let (layer, _) = line.rsplit_once(": ")?;
    layer.split_once(": ").map(|(name, _)| name)
}

fn is_inside(line: &str, outer: &str) -> bool {
    let outer = outer.split_once(": ").filter(|(_, rest)| rest.starts_with("network: ")).map(|(name, _)| name);
    outer.and_then(|name| line.strip_prefix(name)).is_some_and(|rest| rest.starts_with('.'))
}

fn has_frozen(model: &Model, row: &Row) -> bool {
    let operation = row.operation.map(|index| &model.graph.operations[index]);
    operation.is_some_and(|operation| operation.is_frozen && operation.has_field)
}

/// The lines between the first and the last that differ.
fn differing<'a>(theirs: &'a [Theirs], ours: &'a [Ours]) -> Vec<(Option<&'a Theirs<'a>>, Option<&'a Ours>)> {
    let same = |(theirs, ours): &(&Theirs, &Ours)| is_same(theirs, ours);
    let before = theirs.iter().zip(ours).take_while(same).count();
    let (theirs, ours) = (&theirs[before..], &ours[before..]);
    let after = theirs.iter().rev().zip(ours.iter().rev()).take_while(same).count();
    let (theirs, ours) = (&theirs[..theirs.len() - after], &ours[..ours.len() - after]);
    (0..theirs.len().max(ours.len())).map(|index| (theirs.get(index), ours.get(index))).collect()
}

/// Stages with tensors are to keep their places; without, a stage is the same under any name.
fn is_same(theirs: &Theirs, ours: &Ours) -> bool {
    if theirs.name.is_some_and(|theirs| name(&ours.text) != Some(theirs)) {
        return false;
    }
    let ((their_layer, their_shapes), (layer, shapes)) = (essence(theirs.text), essence(&ours.text));
    their_shapes == shapes && (their_layer == layer || ours.is_foreign && their_layer == "network")
}

/// A line without what may be another in the same network: the stage's name, and the path of a type.
fn essence(line: &str) -> (&str, &str) {
    let (layer, shapes) = line.rsplit_once(": ").unwrap_or((line, ""));
    let layer = layer.split_once(": ").map_or(layer, |(_, layer)| layer);
    (layer.rsplit("::").next().unwrap_or(layer), shapes)
}

/// The lines inside of a stage, for the compiler.
fn inside(stage: &Theirs) -> Vec<StoredLine> {
    let line = |(text, name): &(&str, Option<&str>)| {
        let (layer, shapes) = essence(text);
        let (layer, numbers) = split_numbers(layer);
        let name = name.map_or_else(String::new, |name| format!("{name}: "));
        StoredLine { text: (*text).to_owned(), essence: format!("{name}{layer}: {shapes}"), numbers }
    };
    stage.inside.iter().map(line).collect()
}

/// The options with `#` for each number that is no size, and these numbers.
fn split_numbers(layer: &str) -> (String, Vec<f64>) {
    let mut numbers = Vec::new();
    let mut text = String::new();
    for (index, part) in layer.split(" = ").enumerate() {
        text.push_str(if index == 0 { "" } else { " = " });
        let (value, rest) = part.split_at(part.find([',', ')']).unwrap_or(part.len()));
        let number = value.parse::<f64>().ok().filter(|_| index > 0 && value.parse::<usize>().is_err());
        text.push_str(if number.is_some() { "#" } else { value });
        text.push_str(rest);
        numbers.extend(number);
    }
    (text, numbers)
}

/// What `network.save(..)` writes of the network. A stage's line ends with what it takes, unless that is the row before.
fn describe(model: &Model) -> Vec<Ours> {
    let (inputs, outputs) = (&model.tensors.inputs, &model.tensors.outputs);
    let (text, before) = (format!("{inputs} -> {outputs}"), inputs.0.len());
    let stages = model.rows.iter().enumerate().map(|(index, row)| {
        let inputs: Vec<_> = row.inputs.iter().map(usize::to_string).collect();
        let inputs = if row.inputs == [(index + before).saturating_sub(1)] {
            String::new()
        } else {
            format!(" <- {}", inputs.join(", "))
        };
        let kind = row.operation.map(|index| &model.graph.operations[index].kind);
        Ours { text: stage(row) + &inputs, row: Some(index), is_foreign: matches!(kind, Some(Kind::Foreign(_))) }
    });
    [Ours { text, row: None, is_foreign: false }].into_iter().chain(stages).collect()
}

/// A stage as the table of layers prints it: `fc1: linear(out_features = 8, bias = true): [4] -> [8]`.
fn stage(row: &Row) -> String {
    let Row { name, keyword, input, output, options, .. } = row;
    let options: Vec<_> = options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let options = if options.is_empty() { String::new() } else { format!("({})", options.join(", ")) };
    format!("{name}: {keyword}{options}: {input} -> {output}")
}
