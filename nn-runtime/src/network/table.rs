//! What a network says of itself: its table of layers.

use core::fmt;

use super::fits::text::is_same;
use super::tensors::Tensor;
use super::{Parameters, Port};

/// One row of a network's table of layers.
///
/// The table is the network's graph: what each layer takes, with which options, and which tensors it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LayerInfo {
    /// The stage's name, `.` between nested names; empty for a stage that needs none.
    pub name: &'static str,
    /// The layer's keyword, or the type of a layer that is none of the library's.
    pub keyword: &'static str,
    /// What it takes: 0 is the network's input, and 1 the output of the table's first row.
    pub inputs: &'static [usize],
    /// The shape of one sample's input, of several the last one's.
    pub input: &'static [usize],
    /// The shape of one sample's output.
    pub output: &'static [usize],
    /// Its options by name, all of them, as they are written or by default.
    pub options: &'static [(&'static str, OptionValue)],
    /// The number of trainable parameters, or of frozen ones.
    pub parameters: usize,
    /// The number of running statistics.
    pub state: usize,
    /// The position of its first parameter in the flat slice, or in the frozen parameters.
    pub start: usize,
    /// Of a network that is this layer: where the parameters of its frozen stages begin in the frozen parameters.
    pub frozen_start: usize,
    /// The number of those parameters, which [`parameters`](Self::parameters) does not count.
    pub frozen_len: usize,
    /// Whether the stage is marked `#[frozen]`.
    pub is_frozen: bool,
    /// The multiply-adds of a forward pass over one sample.
    pub multiply_adds: u64,
    /// The parameters and running statistics, in memory order, without gaps.
    pub tensors: &'static [Tensor],
    /// The table of a network that is this layer.
    pub inner: &'static [LayerInfo],
    /// Whether it is a layer of the user's own.
    pub is_custom: bool,
}

/// The value of a layer's option.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum OptionValue {
    /// A size.
    Size(usize),
    /// A size for each of height and width.
    Pair([usize; 2]),
    /// A shape.
    Shape(&'static [usize]),
    /// A dimension or a place along one, counted from 0, or from the end: -1 is the last.
    Dimension(isize),
    /// Several dimensions.
    Dimensions(&'static [isize]),
    /// What is added before and after, for each of several dimensions.
    Sides(&'static [[usize; 2]]),
    /// A number.
    Number(f64),
    /// The machine epsilon of the type that the network computes in.
    Epsilon,
    /// `true` or `false`.
    Bool(bool),
    /// A word, as in `padding = same`.
    Word(&'static str),
    /// A value that the layer takes besides its input, by its place among the row's inputs: 1 is the first.
    Input(usize),
}

/// Numbers are never NaN.
impl Eq for OptionValue {}

impl fmt::Display for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(size) => write!(f, "{size}"),
            Self::Pair([height, width]) => write!(f, "({height}, {width})"),
            Self::Shape(sizes) => write!(f, "{sizes:?}"),
            Self::Dimension(dimension) => write!(f, "{dimension}"),
            Self::Dimensions(dimensions) => write!(f, "{dimensions:?}"),
            Self::Sides(sides) => write!(f, "{sides:?}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Epsilon => f.write_str("epsilon"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Word(word) => f.write_str(word),
            Self::Input(place) => write!(f, "input {place}"),
        }
    }
}

/// A row for a layer without parameters.
#[must_use]
pub const fn layer(
    name: &'static str,
    keyword: &'static str,
    inputs: &'static [usize],
    input: &'static [usize],
    output: &'static [usize],
) -> LayerInfo {
    LayerInfo {
        name,
        keyword,
        inputs,
        input,
        output,
        options: &[],
        parameters: 0,
        state: 0,
        start: 0,
        frozen_start: 0,
        frozen_len: 0,
        is_frozen: false,
        multiply_adds: 0,
        tensors: &[],
        inner: &[],
        is_custom: false,
    }
}

impl LayerInfo {
    /// The same row with its options.
    #[must_use]
    pub const fn options(self, options: &'static [(&'static str, OptionValue)]) -> Self {
        Self { options, ..self }
    }

    /// The same row with parameters from `start` on.
    #[must_use]
    pub const fn parameters(self, start: usize, tensors: &'static [Tensor]) -> Self {
        let (mut parameters, mut state, mut i) = (0, 0, 0);
        while i < tensors.len() {
            *(if tensors[i].is_state { &mut state } else { &mut parameters }) += tensors[i].len();
            i += 1;
        }
        Self { parameters, state, start, tensors, ..self }
    }

    /// The same row for a layer that is none of the library's, whose `len` parameters stand from `start` on: with its tensors or,
    /// of a network, its table.
    ///
    /// # Panics
    /// While compiling, if the tensors are not all of its parameters.
    #[must_use]
    pub const fn layer(
        self,
        start: usize,
        len: usize,
        tensors: &'static [Tensor],
        inner: &'static [LayerInfo],
    ) -> Self {
        let mut row = self.parameters(start, tensors);
        if inner.is_empty() {
            row.is_custom = true;
        } else {
            (row.parameters, row.state, row.frozen_len) = count(inner);
            row.inner = inner;
        }
        assert!(
            row.parameters + row.state == len,
            "the layer's `TENSORS` have another number of values than its struct"
        );
        assert!(have_own_names(tensors), "two of the layer's `TENSORS` have one name");
        row
    }

    /// The same row with its multiply-adds.
    #[must_use]
    pub const fn multiply_adds(self, multiply_adds: u64) -> Self {
        Self { multiply_adds, ..self }
    }

    /// The same row, with the parameters of the frozen stages inside from `frozen_start` on.
    #[must_use]
    pub const fn frozen_part(self, frozen_start: usize) -> Self {
        Self { frozen_start, ..self }
    }

    /// The same row, frozen.
    #[must_use]
    pub const fn frozen(self) -> Self {
        Self { is_frozen: true, ..self }
    }

    /// The number of parameters and running statistics.
    pub(crate) const fn len(&self) -> usize {
        self.parameters + self.state
    }
}

/// Whether no two tensors have one name.
const fn have_own_names(tensors: &[Tensor]) -> bool {
    let mut i = 0;
    while i < tensors.len() {
        let mut j = 0;
        while j < i {
            if is_same(tensors[i].name, tensors[j].name) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

/// The numbers of trainable parameters, of running statistics, and of all that is frozen.
const fn count(layers: &[LayerInfo]) -> (usize, usize, usize) {
    let (mut parameters, mut state, mut frozen, mut i) = (0, 0, 0, 0);
    while i < layers.len() {
        if layers[i].is_frozen {
            frozen += layers[i].len();
        } else {
            parameters += layers[i].parameters;
            state += layers[i].state;
        }
        frozen += layers[i].frozen_len;
        i += 1;
    }
    (parameters, state, frozen)
}

/// The stage as it could be written in `network!`, with all options, and the shapes: `fc1: linear(out_features = 8, bias = true):
/// [4] -> [8]`.
impl fmt::Display for LayerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.name.is_empty() {
            write!(f, "{}: ", self.name)?;
        }
        f.write_str(self.keyword)?;
        for (i, (name, value)) in self.options.iter().enumerate() {
            write!(f, "{}{name} = {value}", if i == 0 { "(" } else { ", " })?;
        }
        f.write_str(if self.options.is_empty() { "" } else { ")" })?;
        write!(f, ": {:?} -> {:?}", self.input, self.output)
    }
}

/// The table of layers, to be printed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Summary {
    /// The network's name.
    pub name: &'static str,
    /// The inputs of one sample.
    pub inputs: &'static [Port],
    /// Its rows.
    pub layers: &'static [LayerInfo],
    /// The bytes of its parameters and running statistics, without frozen ones.
    pub parameter_bytes: usize,
    /// The bytes of its frozen parameters.
    pub frozen_bytes: usize,
    /// The bytes of its inference workspace, for one sample.
    pub inference_bytes: usize,
    /// The bytes of its training workspace, for a tile of one row.
    pub training_bytes: usize,
}

impl Summary {
    /// The table of a network.
    #[must_use]
    pub const fn of<P: Parameters>() -> Self {
        Self {
            name: P::NAME,
            inputs: P::INPUTS,
            layers: P::LAYERS,
            parameter_bytes: size_of::<P>(),
            frozen_bytes: size_of::<P::Frozen>(),
            inference_bytes: size_of::<P::Scratch<1>>(),
            training_bytes: size_of::<P::Workspace<1>>(),
        }
    }
}

/// A row as it is printed. Those inside of an `each` stand below it, with what they make and compute on one step.
struct Line<'a> {
    row: &'static LayerInfo,
    outer: Option<&'a Self>,
}

impl Line<'_> {
    /// Shows each row of a table.
    fn visit(
        layers: &'static [LayerInfo],
        outer: Option<&Self>,
        show: &mut dyn FnMut(&Line) -> fmt::Result,
    ) -> fmt::Result {
        layers.iter().try_for_each(|row| {
            let line = Line { row, outer };
            show(&line)?;
            if row.keyword == "each" { Line::visit(row.inner, Some(&line), show) } else { Ok(()) }
        })
    }

    /// The rows around it, the innermost first.
    fn around(&self) -> impl Iterator<Item = &Self> {
        core::iter::successors(self.outer, |line| line.outer)
    }

    /// The number of characters of its name, with those of the rows around it, behind two spaces for each.
    fn width(&self) -> usize {
        self.row.name.len() + self.around().map(|line| line.row.name.len() + ".".len() + 2).sum::<usize>()
    }

    fn write_name(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.write_name(f)?;
            f.write_str(".")?;
        }
        f.write_str(self.row.name)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |input: &'static Port| if input.name.is_empty() { "input" } else { input.name };
        let [mut name, mut keyword, mut output] = ["stage", "layer", "output"].map(str::len);
        Line::visit(self.layers, None, &mut |line| {
            name = name.max(line.width());
            keyword = keyword.max(line.row.keyword.len() + frozen(line.row).len());
            output = output.max(Shape(line.row.output).width());
            Ok(())
        })?;
        let name = self.inputs.iter().map(|input| named(input).len()).fold(name, usize::max);
        let output = self.inputs.iter().map(|input| Shape(input.shape).width()).fold(output, usize::max);
        writeln!(f, "{}", self.name)?;
        writeln!(
            f,
            "  {:name$}  {:keyword$}  {:>output$}  {:>10}  {:>13}",
            "stage", "layer", "output", "parameters", "multiply-adds"
        )?;
        for input in self.inputs {
            writeln!(f, "  {:name$}  {:keyword$}  {:>output$}", named(input), "", Shape(input.shape))?;
        }
        Line::visit(self.layers, None, &mut |line| {
            let (row, indent) = (line.row, 2 + 2 * line.around().count());
            let frozen = frozen(row);
            let [rest, behind] = [keyword - row.keyword.len(), name - line.width()];
            let (parameters, shape) = (row.len() + row.frozen_len, Shape(row.output));
            write!(f, "{:indent$}", "")?;
            line.write_name(f)?;
            writeln!(
                f,
                "{:behind$}  {}{frozen:rest$}  {shape:>output$}  {parameters:>10}  {:>13}",
                "", row.keyword, row.multiply_adds
            )
        })?;
        let parameters: usize = self.layers.iter().map(|row| row.len() + row.frozen_len).sum();
        let wide = name + keyword + output + 4;
        writeln!(f, "  {:wide$}  {parameters:>10}  {:>13}", "total", multiply_adds(self.layers))?;
        write!(f, "  bytes: {} parameters, ", self.parameter_bytes)?;
        if self.frozen_bytes > 0 {
            write!(f, "{} frozen, ", self.frozen_bytes)?;
        }
        write!(f, "{} to infer, {} a row to train", self.inference_bytes, self.training_bytes)
    }
}

/// How much of a row's parameters is frozen.
const fn frozen(row: &LayerInfo) -> &'static str {
    match (row.is_frozen, row.frozen_len) {
        (true, _) => " (frozen)",
        (false, 0) => "",
        (false, _) => " (partly frozen)",
    }
}

/// A shape as it is written in `network!`.
struct Shape(&'static [usize]);

impl Shape {
    /// The number of characters that it prints.
    fn width(&self) -> usize {
        let digits = |size: &usize| size.checked_ilog10().unwrap_or(0) as usize + 1;
        self.0.iter().map(digits).sum::<usize>() + 2 * self.0.len()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for _ in self.width()..f.width().unwrap_or(0) {
            f.write_str(" ")?;
        }
        write!(f, "{:?}", self.0)
    }
}

/// The multiply-adds of a whole table.
pub(super) const fn multiply_adds(layers: &[LayerInfo]) -> u64 {
    let mut sum = 0;
    let mut i = 0;
    while i < layers.len() {
        sum += layers[i].multiply_adds;
        i += 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::network::runs::{Run, count_runs, join_runs};

    const fn row(name: &'static str, keyword: &'static str) -> LayerInfo {
        layer(name, keyword, &[0], &[2], &[2])
    }

    const LINEAR: &[Tensor] = &[Tensor::new::<f32>("weight", &[2, 2]), Tensor::new::<f32>("bias", &[2])];
    const NORM: &[Tensor] = &[
        Tensor::new::<f32>("weight", &[2]),
        Tensor::new::<f32>("running_mean", &[2]).state(),
        Tensor::new::<f32>("running_var", &[2]).state(),
    ];
    const OWN: &[Tensor] = &[
        Tensor::new::<f32>("a", &[3]).state(),
        Tensor::new::<f32>("b", &[0]),
        Tensor::new::<f32>("c", &[2]),
        Tensor::new::<f32>("d", &[2]),
    ];
    const INNER: &[LayerInfo] =
        &[row("fc", "linear").parameters(0, LINEAR), row("norm", "batch_norm1d").parameters(6, NORM)];
    const LAYERS: &[LayerInfo] = &[
        row("fc1", "linear").parameters(0, LINEAR),
        row("relu1", "relu"),
        row("norm", "batch_norm1d").parameters(6, NORM),
        row("still", "linear").parameters(0, LINEAR).frozen(),
        row("own", "Own").layer(12, 7, OWN, &[]),
        row("net", "Inner").layer(19, 12, &[], INNER),
        row("fc2", "linear").parameters(31, LINEAR),
    ];

    #[test]
    fn neighbours_of_one_kind_are_one_run() {
        const RUNS: [Run; count_runs(LAYERS)] = join_runs(LAYERS);
        let expected =
            [Run::trained(0, 8), Run::state(8, 7), Run::trained(15, 12), Run::state(27, 4), Run::trained(31, 6)];
        assert_eq!(RUNS, expected);
        assert_eq!(count_runs(&[row("relu1", "relu")]), 0);
    }

    #[test]
    fn rows_count_what_is_trained_and_what_is_not() {
        let counts = [&LAYERS[2], &LAYERS[4], &LAYERS[5]].map(|row| [row.start, row.parameters, row.state]);
        assert_eq!(counts, [[6, 2, 4], [12, 4, 3], [19, 8, 4]]);
    }

    #[test]
    fn a_row_is_written_as_a_stage() {
        let options = &[("out_features", OptionValue::Size(2)), ("bias", OptionValue::Bool(true))];
        let text = row("fc", "linear").options(options).to_string();
        assert_eq!(text, "fc: linear(out_features = 2, bias = true): [2] -> [2]");
        assert_eq!(row("", "relu").to_string(), "relu: [2] -> [2]");
        let values = [
            (OptionValue::Pair([3, 5]), "(3, 5)"),
            (OptionValue::Shape(&[3, 5]), "[3, 5]"),
            (OptionValue::Dimension(-1), "-1"),
            (OptionValue::Dimensions(&[1, -1]), "[1, -1]"),
            (OptionValue::Sides(&[[1, 2], [0, 1]]), "[[1, 2], [0, 1]]"),
            (OptionValue::Number(1e-5), "1e-5"),
            (OptionValue::Number(1.0), "1.0"),
            (OptionValue::Epsilon, "epsilon"),
            (OptionValue::Word("same"), "same"),
            (OptionValue::Input(1), "input 1"),
        ];
        assert!(values.iter().all(|(value, text)| value.to_string() == *text));
    }
}
