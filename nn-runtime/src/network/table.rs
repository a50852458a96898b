//! What a network says of itself: its table of layers.

use core::fmt;

use super::runs::{Run, scalars};

/// One row of a network's table of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// The stage's name, `.` between nested names; empty for a stage that needs none.
    pub name: &'static str,
    /// The layer's keyword, or the type of a layer that is none of the library's.
    pub keyword: &'static str,
    /// The shape of one sample's input.
    pub input: &'static [usize],
    /// The shape of one sample's output.
    pub output: &'static [usize],
    /// The number of trainable parameters, or of frozen ones.
    pub parameters: usize,
    /// The number of running statistics.
    pub state: usize,
    /// The position of its first parameter in the flat slice, or in the frozen parameters.
    pub start: usize,
    /// Whether the stage is marked `#[frozen]`.
    pub is_frozen: bool,
    /// The multiply-adds of a forward pass over one sample.
    pub multiply_adds: u64,
    /// The parameters and running statistics, in the order in which they stand.
    pub tensors: &'static [Tensor],
    /// The table of a network that is this layer.
    pub inner: &'static [LayerInfo],
    /// The runs of a layer that is none of the library's.
    pub runs: &'static [Run],
}

/// A parameter of a layer, or a running statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name in PyTorch's `state_dict`, without the stage's.
    pub name: &'static str,
    /// Its shape in PyTorch.
    pub shape: &'static [usize],
    /// Whether it is a running statistic.
    pub is_state: bool,
    /// Whether it stands as in PyTorch, its last dimension the nearest to each other. Otherwise its first is.
    pub is_row_major: bool,
}

impl Tensor {
    /// The number of scalars.
    #[must_use]
    pub const fn len(&self) -> usize {
        let (mut len, mut i) = (1, 0);
        while i < self.shape.len() {
            len *= self.shape[i];
            i += 1;
        }
        len
    }

    /// Whether it has no scalars.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same, a running statistic.
    #[must_use]
    pub const fn state(self) -> Self {
        Self { is_state: true, ..self }
    }

    /// The same, standing as in PyTorch.
    #[must_use]
    pub const fn row_major(self) -> Self {
        Self { is_row_major: true, ..self }
    }
}

/// A parameter.
#[must_use]
pub const fn tensor(name: &'static str, shape: &'static [usize]) -> Tensor {
    Tensor { name, shape, is_state: false, is_row_major: false }
}

/// A row for a layer without parameters.
#[must_use]
pub const fn layer(
    name: &'static str,
    keyword: &'static str,
    input: &'static [usize],
    output: &'static [usize],
) -> LayerInfo {
    LayerInfo {
        name,
        keyword,
        input,
        output,
        parameters: 0,
        state: 0,
        start: 0,
        is_frozen: false,
        multiply_adds: 0,
        tensors: &[],
        inner: &[],
        runs: &[],
    }
}

impl LayerInfo {
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

    /// The same row for a layer that is none of the library's, from `start` on: with its runs and, of a network, its table.
    #[must_use]
    pub const fn layer(self, start: usize, runs: &'static [Run], inner: &'static [LayerInfo]) -> Self {
        Self { parameters: scalars(runs, true), state: scalars(runs, false), start, inner, runs, ..self }
    }

    /// The number of its runs, before neighbours are joined.
    pub(super) const fn parts(&self) -> usize {
        if self.is_frozen { 0 } else { self.tensors.len() + self.runs.len() }
    }

    /// One of them, from the start of the layer's parameters.
    pub(super) const fn part(&self, index: usize) -> Run {
        if index >= self.tensors.len() {
            return self.runs[index - self.tensors.len()];
        }
        let (mut start, mut i) = (0, 0);
        while i < index {
            start += self.tensors[i].len();
            i += 1;
        }
        Run { start, len: self.tensors[index].len(), is_trained: !self.tensors[index].is_state }
    }

    /// The same row with its multiply-adds.
    #[must_use]
    pub const fn multiply_adds(self, multiply_adds: u64) -> Self {
        Self { multiply_adds, ..self }
    }

    /// The same row, frozen.
    #[must_use]
    pub const fn frozen(self) -> Self {
        Self { is_frozen: true, ..self }
    }
}

/// The table of layers, to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The network's name.
    pub name: &'static str,
    /// The shape of one sample's input.
    pub input: &'static [usize],
    /// Its rows.
    pub layers: &'static [LayerInfo],
    /// The bytes of its parameters and running statistics, frozen ones apart.
    pub parameter_bytes: usize,
    /// The bytes of its inference workspace, for one sample.
    pub inference_bytes: usize,
    /// The bytes of its training workspace, for a tile of one row.
    pub training_bytes: usize,
}

impl Summary {
    fn widest(&self, heading: &str, text: impl Fn(&LayerInfo) -> usize) -> usize {
        self.layers.iter().map(text).fold(heading.len(), usize::max)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.widest("stage", |row| row.name.len());
        let keyword = self.widest("layer", |row| row.keyword.len() + if row.is_frozen { FROZEN.len() } else { 0 });
        let output = self.widest("output", |row| Shape(row.output).width()).max(Shape(self.input).width());
        writeln!(f, "{}", self.name)?;
        writeln!(
            f,
            "  {:name$}  {:keyword$}  {:>output$}  {:>10}  {:>13}",
            "stage", "layer", "output", "parameters", "multiply-adds"
        )?;
        writeln!(f, "  {:name$}  {:keyword$}  {:>output$}", "input", "", Shape(self.input))?;
        for row in self.layers {
            let frozen = if row.is_frozen { FROZEN } else { "" };
            let rest = keyword - row.keyword.len();
            let (parameters, shape) = (row.parameters + row.state, Shape(row.output));
            writeln!(
                f,
                "  {:name$}  {}{frozen:rest$}  {shape:>output$}  {parameters:>10}  {:>13}",
                row.name, row.keyword, row.multiply_adds
            )?;
        }
        let parameters: usize = self.layers.iter().map(|row| row.parameters + row.state).sum();
        let wide = name + keyword + output + 4;
        writeln!(f, "  {:wide$}  {parameters:>10}  {:>13}", "total", multiply_adds(self.layers))?;
        write!(
            f,
            "  bytes: {} parameters, {} to infer, {} a row to train",
            self.parameter_bytes, self.inference_bytes, self.training_bytes
        )
    }
}

const FROZEN: &str = " (frozen)";

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
    use super::*;
    use crate::network::runs::{count_runs, join_runs};

    const fn row(name: &'static str, keyword: &'static str) -> LayerInfo {
        layer(name, keyword, &[2], &[2])
    }

    const LINEAR: &[Tensor] = &[tensor("weight", &[2, 2]), tensor("bias", &[2])];
    const NORM: &[Tensor] =
        &[tensor("weight", &[2]), tensor("running_mean", &[2]).state(), tensor("running_var", &[2]).state()];
    const OWN: &[Run] = &[Run::state(0, 3), Run::trained(3, 0), Run::trained(3, 4)];
    const LAYERS: &[LayerInfo] = &[
        row("fc1", "linear").parameters(0, LINEAR),
        row("relu1", "relu"),
        row("norm", "batch_norm1d").parameters(6, NORM),
        row("still", "linear").parameters(0, LINEAR).frozen(),
        row("own", "Own").layer(12, OWN, &[]),
        row("fc2", "linear").parameters(19, LINEAR),
    ];

    #[test]
    fn neighbours_of_one_kind_are_one_run() {
        const RUNS: [Run; count_runs(LAYERS)] = join_runs(LAYERS);
        assert_eq!(RUNS, [Run::trained(0, 8), Run::state(8, 7), Run::trained(15, 10)]);
        assert_eq!(count_runs(&[row("relu1", "relu")]), 0);
    }

    #[test]
    fn rows_count_what_is_trained_and_what_is_not() {
        let counts = [&LAYERS[2], &LAYERS[4]].map(|row| [row.start, row.parameters, row.state]);
        assert_eq!(counts, [[6, 2, 4], [12, 4, 3]]);
    }
}
