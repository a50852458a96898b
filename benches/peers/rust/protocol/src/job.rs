//! One workload: its files, its check, its times.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Failure, clock};

/// How far a value may be from the expected one, in units of the largest expected magnitude.
const TOLERANCE: f32 = 1e-3;
/// How many steps of training are checked.
const CHECKED_STEPS: usize = 4;
/// The learning rate while timing: values neither drift nor become denormal.
const TIMED_RATE: f64 = 1e-6;

/// A parameter as PyTorch stores it: row-major.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub dims: Vec<usize>,
    pub values: Vec<f32>,
}

/// A workload, with all its files but the weights read.
pub struct Job<'a> {
    name: &'a str,
    variant: &'a str,
    duration: Duration,
    directory: PathBuf,
    /// Samples, one after another.
    pub input: Vec<f32>,
    /// Targets, one after another; none if nothing is trained.
    pub target: Vec<f32>,
}

impl Parameter {
    /// The transpose of a matrix.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let (rows, columns) = (self.dims[0], self.dims[1]);
        let at = |index: usize| self.values[index % rows * columns + index / rows];
        let values = (0..rows * columns).map(at).collect();
        Self { name: self.name.clone(), dims: vec![columns, rows], values }
    }

    /// Part `index` of `count` of the first dimension: a gate of a recurrent layer, a projection of attention.
    #[must_use]
    pub fn part(&self, index: usize, count: usize) -> Self {
        let mut dims = self.dims.clone();
        dims[0] /= count;
        let len = self.values.len() / count;
        Self { name: self.name.clone(), dims, values: self.values[index * len..][..len].to_vec() }
    }
}

impl<'a> Job<'a> {
    pub(crate) fn open(root: &Path, name: &'a str, variant: &'a str, duration: Duration) -> Result<Self, Failure> {
        let directory = root.join(name);
        let target = if directory.join("target.f32").exists() { read(&directory, "target")? } else { Vec::new() };
        let input = read(&directory, "input")?;
        Ok(Self { name, variant, duration, directory, input, target })
    }

    /// All parameters, in the order of the file.
    ///
    /// # Errors
    /// If the files are not as `ours export` writes them.
    pub fn parameters(&self) -> Result<Vec<Parameter>, Failure> {
        let values = read(&self.directory, "weights")?;
        let mut rest = values.as_slice();
        let shapes = fs::read_to_string(self.directory.join("shapes.txt"))?;
        let parameter = |line: &str| {
            let mut words = line.split_whitespace();
            let name = words.next().ok_or("a line of `shapes.txt` is empty")?.to_owned();
            let dims = words.map(str::parse).collect::<Result<Vec<usize>, _>>()?;
            let (values, after) = rest.split_at_checked(dims.iter().product()).ok_or("`weights.f32` is too short")?;
            rest = after;
            Ok(Parameter { name, dims, values: values.to_vec() })
        };
        shapes.lines().map(parameter).collect()
    }

    /// The parameter of that name.
    ///
    /// # Errors
    /// If there is none.
    pub fn parameter(&self, name: &str) -> Result<Parameter, Failure> {
        let parameter = self.parameters()?.into_iter().find(|parameter| parameter.name == name);
        parameter.ok_or_else(|| format!("there is no parameter `{name}`").into())
    }

    /// Times `predict` on the inputs in turn: one a call, or a step of a stream. Before that, `read` gives the numbers of each
    /// output, which must agree.
    ///
    /// # Errors
    /// If outputs do not agree, or `predict` or `read` fails.
    pub fn infer<I, O>(
        &self,
        inputs: &[I],
        mut predict: impl FnMut(&I) -> Result<O, Failure>,
        read: impl Fn(O) -> Result<Vec<f32>, Failure>,
    ) -> Result<(), Failure> {
        let mut outputs = Vec::new();
        for input in inputs {
            outputs.extend(read(predict(input)?)?);
        }
        self.check(&outputs)?;
        let mut inputs = inputs.iter().cycle();
        self.time(|| {
            if let Some(input) = inputs.next() {
                black_box(predict(black_box(input))?);
            }
            Ok(())
        })
    }

    /// Times `step`, a training step at a learning rate, on the batches in turn. Before that, the losses of the first steps,
    /// which `read` gets out of what `step` returns, must agree.
    ///
    /// # Errors
    /// If losses do not agree, or `step` or `read` fails.
    pub fn train<B, L>(
        &self,
        batches: &[B],
        mut step: impl FnMut(&B, f64) -> Result<L, Failure>,
        read_loss: impl Fn(L) -> Result<f32, Failure>,
    ) -> Result<(), Failure> {
        let rate = read(&self.directory, "rate")?.first().copied().ok_or("`rate.f32` is empty")?;
        let mut batches = batches.iter().cycle();
        let mut losses = Vec::new();
        for batch in batches.by_ref().take(CHECKED_STEPS) {
            losses.push(read_loss(step(batch, f64::from(rate))?)?);
        }
        self.check(&losses)?;
        self.time(|| {
            if let Some(batch) = batches.next() {
                black_box(step(black_box(batch), TIMED_RATE)?);
            }
            Ok(())
        })
    }

    /// Times what `whole` takes beyond `rest`, of what cannot be timed apart. The peer says what agrees.
    ///
    /// # Errors
    /// If `whole` or `rest` fails.
    pub fn difference(
        &self,
        whole: impl FnMut() -> Result<(), Failure>,
        rest: impl FnMut() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (whole, rest) = (clock::time(whole, self.duration)?, clock::time(rest, self.duration)?);
        self.print(whole.0 - rest.0, whole.1 - rest.1);
        Ok(())
    }

    fn check(&self, actual: &[f32]) -> Result<(), Failure> {
        let expected = read(&self.directory, "expected")?;
        if actual.len() != expected.len() {
            return Err(format!("{} values, {} expected", actual.len(), expected.len()).into());
        }
        let scale = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let differences = actual.iter().zip(&expected).map(|(actual, expected)| (actual - expected).abs());
        let largest =
            differences.fold(0.0_f32, |largest, difference| if difference <= largest { largest } else { difference });
        if largest <= TOLERANCE * scale {
            return Ok(());
        }
        Err(format!("values differ from the expected ones by up to {largest:e}, their largest is {scale:e}").into())
    }

    fn time(&self, call: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
        let (minimum, median) = clock::time(call, self.duration)?;
        self.print(minimum, median);
        Ok(())
    }

    fn print(&self, minimum: f64, median: f64) {
        println!("{} {} {minimum:.2} {median:.2}", self.name, self.variant);
    }
}

fn read(directory: &Path, name: &str) -> Result<Vec<f32>, Failure> {
    let path = directory.join(name).with_extension("f32");
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (values, _) = bytes.as_chunks();
    Ok(values.iter().map(|value| f32::from_le_bytes(*value)).collect())
}
