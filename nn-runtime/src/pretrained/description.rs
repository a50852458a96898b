//! The description of a network that is a stage, compared with its table of layers: equal shapes do not say that two networks are
//! the same.

use super::{Line, Stage};
use crate::network::fits::text::{Text, fail, is_same};
use crate::network::{LayerInfo, OptionValue};

/// Whether the lines of a file are those of the layers.
#[track_caller]
pub(super) const fn check(stage: Stage, layers: &[LayerInfo], lines: &[Line]) {
    let mut comparison = Comparison { lines, passed: 0, differing: None };
    comparison.layers(layers);
    let theirs = if comparison.passed < lines.len() { lines[comparison.passed].text } else { "nothing" };
    let ours = match &comparison.differing {
        Some(ours) => ours.text(),
        None if comparison.passed < lines.len() => "nothing",
        None => return,
    };
    fail(&[
        "`",
        stage.file,
        "` is of another network than `",
        stage.network,
        "`: the layers of `",
        stage.name,
        "` differ\nnote: the first that differs is `",
        theirs,
        "` in the file, but `",
        ours,
        "` here, where `#` is a number\nhelp: declare the stage's type as it was when the file was saved, or train the network and save it again",
    ]);
}

/// A walk over the layers, line by line.
struct Comparison<'a> {
    lines: &'a [Line],
    /// How many lines are the same.
    passed: usize,
    /// The first layer that is another.
    differing: Option<Text>,
}

impl Comparison<'_> {
    const fn layers(&mut self, layers: &[LayerInfo]) {
        let mut i = 0;
        while i < layers.len() && self.differing.is_none() {
            let (text, is_same_number) = self.essence(&layers[i], i);
            if self.passed < self.lines.len() && is_same_number && is_same(self.lines[self.passed].essence, text.text())
            {
                self.passed += 1;
            } else {
                self.differing = Some(text);
            }
            self.layers(layers[i].inner);
            i += 1;
        }
    }

    /// The layer with its name if it has tensors, its options and its shapes, and whether its numbers are those of the line.
    const fn essence(&self, row: &LayerInfo, index: usize) -> (Text, bool) {
        let mut text = Text::NEW;
        let (mut numbers, mut is_same_number) = (0, true);
        if row.parameters + row.state > 0 {
            text.push(row.name);
            text.push(": ");
        }
        text.push(if row.inner.is_empty() { name_of_type(row.keyword) } else { "network" });
        let mut i = 0;
        while i < row.options.len() {
            let (name, value) = &row.options[i];
            text.push(if i == 0 { "(" } else { ", " });
            text.push(name);
            text.push(" = ");
            match value {
                OptionValue::Size(size) => text.push_number(*size),
                OptionValue::Pair([height, width]) => {
                    text.push("(");
                    text.push_number(*height);
                    text.push(", ");
                    text.push_number(*width);
                    text.push(")");
                }
                OptionValue::Shape(sizes) => text.push_shape(sizes),
                OptionValue::Dimension(dimension) => text.push_signed(*dimension),
                OptionValue::Dimensions(dimensions) => {
                    let mut i = 0;
                    while i < dimensions.len() {
                        text.push(if i == 0 { "[" } else { ", " });
                        text.push_signed(dimensions[i]);
                        i += 1;
                    }
                    text.push("]");
                }
                OptionValue::Sides(sides) => {
                    let mut i = 0;
                    while i < sides.len() {
                        text.push(if i == 0 { "[" } else { ", " });
                        text.push_shape(&sides[i]);
                        i += 1;
                    }
                    text.push("]");
                }
                OptionValue::Number(number) => {
                    text.push("#");
                    is_same_number = is_same_number && self.is_number(numbers, *number);
                    numbers += 1;
                }
                OptionValue::Epsilon => text.push("epsilon"),
                OptionValue::Bool(value) => text.push(if *value { "true" } else { "false" }),
                OptionValue::Word(word) => text.push(word),
                OptionValue::Input(place) => {
                    text.push("input ");
                    text.push_number(*place);
                }
            }
            i += 1;
        }
        text.push(if row.options.is_empty() { ": " } else { "): " });
        text.push_shape(row.input);
        text.push(" -> ");
        text.push_shape(row.output);
        if !(row.inputs.len() == 1 && row.inputs[0] == index) {
            text.push_list(" <- ", row.inputs);
        }
        (text, is_same_number)
    }

    /// Whether the line at hand has this number at this place.
    const fn is_number(&self, place: usize, number: f64) -> bool {
        if self.passed >= self.lines.len() {
            return false;
        }
        let numbers = self.lines[self.passed].numbers;
        place < numbers.len() && numbers[place] == number.to_bits()
    }
}

/// The last name of a path.
const fn name_of_type(path: &str) -> &str {
    let mut start = path.len();
    while start > 0 && path.as_bytes()[start - 1] != b':' {
        start -= 1;
    }
    path.split_at(start).1
}
