//! The golden files: one line a tensor, `name [shape] values`, in row-major order.

use std::fs;
use std::path::Path;

use nn_runtime::network::mix;

/// A named tensor, as PyTorch has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Such as `gradient.fc1.weight`.
    pub name: String,
    /// PyTorch's shape; of a number, `[1]`.
    pub shape: Vec<usize>,
    /// The values in row-major order.
    pub values: Vec<f64>,
}

impl Tensor {
    fn parse(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once(" [")?;
        let (shape, values) = rest.split_once(']')?;
        let shape: Vec<usize> = shape.split(',').map(|size| size.parse().ok()).collect::<Option<_>>()?;
        let values: Vec<f64> = values.split_whitespace().map(|value| value.parse().ok()).collect::<Option<_>>()?;
        (shape.iter().product::<usize>() == values.len()).then(|| Self { name: name.into(), shape, values })
    }
}

/// The tensors of a golden file.
#[derive(Clone, Debug)]
pub struct Case {
    /// `<keyword>/<case>`, the file's path without its ending.
    pub name: String,
    tensors: Vec<Tensor>,
}

impl Case {
    /// Reads `tests/golden/<name>.txt`.
    ///
    /// # Panics
    ///
    /// If there is no such file, or a line of it is not a tensor.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name).with_extension("txt");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(name, &text)
    }

    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let tensors = lines
            .map(|(at, line)| Tensor::parse(line).unwrap_or_else(|| panic!("{name}: line {} is not a tensor", at + 1)));
        Self { name: name.into(), tensors: tensors.collect() }
    }

    /// The case of a layer that takes statistics over all samples, with one sample that holds the values of all: those of a
    /// channel, sample after sample, are a single row. The statistics are the same.
    #[must_use]
    pub fn in_one_sample(&self) -> Self {
        let joined = |tensor: &Tensor| {
            let is_sample = ["input", "output", "grad"].iter().any(|name| tensor.name.starts_with(name));
            let is_joined = is_sample && !tensor.name.starts_with("gradient");
            let [rows, channels, ..] = *tensor.shape.as_slice() else { return tensor.clone() };
            if !is_joined {
                return tensor.clone();
            }
            let length = tensor.values.len() / (rows * channels);
            let pieces = (0..channels).flat_map(|channel| (0..rows).map(move |row| row * channels + channel));
            let values = pieces.flat_map(|piece| &tensor.values[piece * length..][..length]).copied().collect();
            Tensor { shape: vec![1, channels, rows * length], values, ..tensor.clone() }
        };
        Self { name: format!("{} in one sample", self.name), tensors: self.tensors.iter().map(joined).collect() }
    }

    /// The tensor of a name.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn tensor(&self, name: &str) -> &Tensor {
        self.find(name).unwrap_or_else(|| panic!("{} has no tensor `{name}`", self.name))
    }

    /// The tensor of a name, if there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Tensor> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The names that begin with `prefix`, without it.
    pub fn names(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.tensors.iter().filter_map(move |tensor| tensor.name.strip_prefix(prefix))
    }
}

/// The numbers that `pattern` in `tests/golden/case.py` makes, for tensors that are too large to be written.
#[must_use]
pub fn pattern(name: &str, shape: &[usize], seed: u64, scale: f64) -> Tensor {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    let unit = |index| (mix((seed << 32) + index) >> 11) as f64 * STEP;
    let values = (0..shape.iter().product::<usize>() as u64).map(|index| (unit(index) * 2.0 - 1.0) * scale);
    Tensor { name: name.into(), shape: shape.into(), values: values.collect() }
}

/// Sum, sum of squares, and eight entries from the first to the last, as `digest` in `tests/golden/case.py` makes them.
#[must_use]
pub fn digest(values: &[f64]) -> Vec<f64> {
    let sums = [values.iter().sum(), values.iter().map(|value| value * value).sum()];
    sums.into_iter().chain((0..8).map(|entry| values[entry * (values.len() - 1) / 7])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_tensor() {
        let case = Case::parse("it", "# header\nfc.weight [2,3] 1 -2.5 3e-3 0.0 -0.0 7\nloss [1] 0.5\n");
        let weight = case.tensor("fc.weight");
        assert_eq!(weight.shape, [2, 3]);
        assert_eq!(weight.values, [1.0, -2.5, 0.003, 0.0, 0.0, 7.0]);
        assert_eq!(case.names("fc.").collect::<Vec<_>>(), ["weight"]);
        assert!(case.find("fc.bias").is_none());
    }

    #[test]
    #[should_panic(expected = "it: line 2 is not a tensor")]
    fn a_line_with_too_few_values_is_not() {
        let _ = Case::parse("it", "# header\nfc.weight [2,3] 1 2 3 4 5\n");
    }

    #[test]
    #[should_panic(expected = "it has no tensor `fc.bias`")]
    fn a_missing_tensor_is_named() {
        let _ = Case::parse("it", "fc.weight [1] 1\n").tensor("fc.bias");
    }
}
