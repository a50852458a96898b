//! `chunk` and `split`: a value taken apart, each part a `narrow` with a name of its own.

use proc_macro2::{Ident, Span, TokenStream};

use super::{Current, Marks, Walk};
use crate::arguments;
use crate::ast::{Keyword, Stage};
use crate::diagnostic::Diagnostic;
use crate::layers;
use crate::model::FrozenMark;
use crate::model::builder::{Builder, Place, Value};
use crate::model::options::{Dimension, Key, Lengths, OptionSpec, OptionValue, Options};

const DIM: Key<Dimension> = Key::dimension("dim");
const CHUNKS: Key<usize> = Key::size("chunks");
const LENGTHS: Key<Lengths> = Key::lengths("split_size_or_sections");
const CHUNK: &[OptionSpec] = &[CHUNKS.required(), DIM.or(0)];
const SPLIT: &[OptionSpec] = &[LENGTHS.required(), DIM.or(0)];

/// The parts of a value: their lengths along a dimension.
struct Parts {
    dim: usize,
    lengths: Vec<usize>,
}

impl Walk<'_> {
    /// Makes a value of each part of the current one. There is no current value behind it.
    pub(super) fn take_apart(&mut self, keyword: &Keyword, stage: &Stage) {
        let name = &keyword.name;
        let before = self.report.len();
        let Marks { docs, frozen, kept } = self.attributes(stage);
        if let Some(body) = &keyword.body {
            let error = Diagnostic::new(body.span, format!("`{name}` takes no body in braces"));
            self.report.push(error.help("remove the braces, and write the stages that take a part behind it"));
        }
        if let Some(span) = frozen {
            let operations = self.operations();
            self.frozen.push(FrozenMark { span, keyword: name.to_string(), operations: operations..operations });
        }
        let specs = if name == "chunk" { CHUNK } else { SPLIT };
        let options = arguments::options(name, specs, &keyword.options, &self.scope.consts, self.report);
        self.needs_value(name);
        let made = options.zip(self.current.take()).and_then(|(options, input)| {
            let is_number = self.builder.as_ref()?.check_element(&name.to_string(), None, name.span(), &input);
            let parts = is_number.and_then(|()| parts_of(name, &options, &input));
            let parts = parts.map_err(|error| self.with_shapes(error));
            let parts = parts.and_then(|parts| self.check_names(name, stage, &input, parts));
            parts.map(|parts| (input, parts)).map_err(|error| self.report.push(error)).ok()
        });
        if let (Some(annotation), Some(_)) = (&stage.annotation, &made) {
            let error = format!("`{name}` makes several values, but is annotated with one shape");
            self.report.push(Diagnostic::new(annotation.span, error).help("remove the annotation"));
        }
        let names = self.name_parts(name, stage, &docs, kept, made.as_ref());
        let is_right = made.is_some() && self.report.len() == before;
        self.current = if is_right { Current::Parts(name.clone(), names) } else { Current::Mistaken };
    }

    /// The parts, if there are as many names, and one at least is no `_`.
    fn check_names(&self, keyword: &Ident, stage: &Stage, input: &Value, parts: Parts) -> Result<Parts, Diagnostic> {
        let (names, count) = (stage.names().collect::<Vec<_>>(), parts.lengths.len());
        let span = names.first().map_or_else(|| keyword.span(), |name| name.span());
        if names.len() == count {
            if names.iter().any(|name| *name != "_") {
                return Ok(parts);
            }
            let error = Diagnostic::new(span, format!("no part that `{keyword}` makes has a name"));
            return Err(error.help("write a name for each part that a stage takes, and `_` for the others"));
        }
        let (lengths, dim) = (list_of(&parts.lengths), parts.dim);
        let makes = if count == 1 {
            format!("`{keyword}` makes one part of {}, the whole", input.shape)
        } else {
            format!("`{keyword}` makes {count} parts of {}, with {lengths} along dimension {dim}", input.shape)
        };
        let written = match names.len() {
            0 => "no names stand before it".into(),
            1 => "one name stands before it".into(),
            written => format!("{written} names stand before it"),
        };
        let more = if count > NAMES.len() { ", .." } else { "" };
        let example: Vec<_> = NAMES.iter().take(count).copied().collect();
        let help =
            format!("write `({}{more}): {keyword}(..)`, with `_` for a part that no stage takes", example.join(", "));
        Err(self.with_shapes(Diagnostic::new(span, format!("{makes}, but {written}"))).help(help))
    }

    /// Gives each part its name, and returns the names. Those of a mistaken stage are known, too.
    fn name_parts(
        &mut self,
        keyword: &Ident,
        stage: &Stage,
        docs: &[TokenStream],
        kept: Option<Span>,
        made: Option<&(Value, Parts)>,
    ) -> Vec<Ident> {
        let shapes = self.builder.as_ref().map(|builder| builder.shapes.clone());
        let (mut start, mut found) = (0, Vec::new());
        for (number, written) in stage.names().enumerate() {
            let length = made.map_or(0, |(_, parts)| parts.lengths[number]);
            let at = [start, length];
            start += length;
            if written == "_" {
                continue;
            }
            let numbered = self.numbered(written);
            let name = self.names.name(&self.namespace, Some(&numbered), "narrow", written.span(), self.report);
            let place = Place {
                keyword: Ident::new("narrow", written.span()),
                path: self.namespace.iter().cloned().chain([name.clone()]).collect(),
                docs: docs.to_vec(),
                is_frozen: false,
            };
            self.current = Current::Mistaken;
            if let (Some(builder), Some((input, parts)), Some(shapes)) = (&mut self.builder, made, &shapes) {
                builder.shapes.clone_from(shapes);
                match part(builder, place, input, parts.dim, at) {
                    Ok(made) => {
                        builder.set_part_of(keyword);
                        self.current = Current::Value(made);
                    }
                    Err(error) => self.report.push(error),
                }
            }
            self.remember(&name, "narrow");
            if let Some(span) = kept {
                self.keep(Some(&name), span);
            }
            found.push(name);
        }
        found
    }

    /// A pattern of names before a stage that makes one value is a mistake, and the only one of a stage that `is_right` otherwise.
    pub(super) fn refuse_pattern(&mut self, keyword: &str, parts: &[Ident], is_right: bool) {
        let Some(first) = parts.first() else { return };
        let names = if parts.len() == 1 {
            "a name in parentheses stands".into()
        } else {
            format!("{} names stand", parts.len())
        };
        let error = format!("`{keyword}` makes one value, but {names} before it");
        let help = format!("write one name: `{first}: {keyword}`; `chunk` and `split` take a value apart");
        if is_right {
            self.report.push(Diagnostic::new(first.span(), error).help(help));
        }
        self.current = Current::Mistaken;
        parts.iter().filter(|part| *part != "_").for_each(|part| self.remember(part, keyword));
    }

    /// Several values are a mistake where one is needed: at the end of `what`.
    pub(super) fn ends_with_one(&mut self, what: &str) {
        let Current::Parts(keyword, names) = &self.current else { return };
        let error = format!("{what} ends with several values, which `{keyword}` makes: {}", named(names));
        let first = names.first().map_or_else(String::new, Ident::to_string);
        let help = format!(
            "take one of them, `{first}`, or write a stage that takes them, such as `concat {{ [{first}], .. }}`"
        );
        self.report.push(Diagnostic::new(keyword.span(), error).help(help));
        self.current = Current::Mistaken;
    }
}

/// Names that an example has.
const NAMES: [&str; 3] = ["first", "second", "third"];

/// Names, each in backticks.
pub(super) fn named(names: &[Ident]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Parts of one length, of which the last may be smaller.
fn equal_parts(size: usize, length: usize) -> Vec<usize> {
    (0..size).step_by(length.max(1)).map(|start| length.min(size - start)).collect()
}

/// The lengths in words: `2, 2 and 1 values`.
fn list_of(lengths: &[usize]) -> String {
    let (first, last) = (lengths.first().copied().unwrap_or(0), lengths.last().copied().unwrap_or(0));
    match lengths.split_last() {
        _ if first == last && lengths.iter().all(|length| *length == first) => format!("{first} values each"),
        Some((last, rest)) if rest.len() < 6 => {
            format!("{} and {last} values", rest.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
        }
        _ if lengths[1..lengths.len() - 1].iter().all(|length| *length == first) => {
            format!("{first} values each, and {last} in the last,")
        }
        _ => format!("{} values in all", lengths.iter().sum::<usize>()),
    }
}

/// The lengths of the parts along the dimension that the options say.
fn parts_of(keyword: &Ident, options: &Options, input: &Value) -> Result<Parts, Diagnostic> {
    let (shape, Dimension(written)) = (&input.shape, options.get(&DIM));
    let Some(dim) = Dimension(written).index(shape.rank()) else {
        let error = format!("`{keyword}` works along dimension {written}, but its input has shape {shape}");
        let error = Diagnostic::across(options.extent(&DIM).unwrap_or([keyword.span(); 2]), error);
        return Err(error.help("dimensions are counted from 0, without the batch; -1 is the last"));
    };
    let size = shape.sizes()[dim];
    if keyword == "chunk" {
        return Ok(Parts { dim, lengths: equal_parts(size, size.div_ceil(options.get(&CHUNKS))) });
    }
    let lengths = match options.get(&LENGTHS) {
        Lengths::Each(length) => equal_parts(size, length),
        Lengths::All(lengths) => lengths,
    };
    let whole: usize = lengths.iter().sum();
    if whole != size {
        let sum = lengths.iter().map(usize::to_string).collect::<Vec<_>>().join(" + ");
        let sum = if lengths.len() > 1 { format!("{sum} = {whole}") } else { sum };
        let error =
            format!("`{keyword}` takes {sum} values along dimension {dim}, but its input {shape} has {size} there");
        let error = Diagnostic::across(options.extent(&LENGTHS).unwrap_or([keyword.span(); 2]), error);
        return Err(error.help(format!("let the sizes of all parts sum up to {size}")));
    }
    Ok(Parts { dim, lengths })
}

/// A part of a value, by `narrow`.
fn part(
    builder: &mut Builder,
    place: Place,
    input: &Value,
    dim: usize,
    [start, length]: [usize; 2],
) -> Result<Value, Diagnostic> {
    let [dim, start] = [dim, start].map(|at| OptionValue::Dimension(at.cast_signed()));
    let narrow = layers::narrow();
    let mut options = Options::new(narrow.options);
    for (index, value) in [dim, start, OptionValue::Size(length)].into_iter().enumerate() {
        options.give(&place.keyword, index, value, None)?;
    }
    builder.layer(place, narrow, &options, input, &[])
}
