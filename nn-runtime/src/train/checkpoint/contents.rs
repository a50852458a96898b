//! What the file of a run holds: tensors of safetensors, whose bytes are the run's.

use std::borrow::ToOwned;
use std::string::{String, ToString as _};
use std::vec::Vec;
use std::{format, io};

use bytemuck::{bytes_of, try_cast_slice};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::super::fit::{State, Sums};
use super::super::{Column, History};
use crate::metrics::Mode;
use crate::network::{Parameters, mix};
use crate::optim::{Optimizer, scalars_mut};
use crate::scalar::Scalar;
use crate::weights::file::{File, FileTensor};
use crate::weights::spec::{self, Difference, Spec};

/// The version of the format.
const VERSION: &str = "1";

/// What has to be the same in the run that goes on.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::train) struct Fixed {
    /// The numbers by what they are.
    pub numbers: [(&'static str, u64); 6],
    /// The words by what they are, and by their keys in the file.
    pub words: [(&'static str, &'static str, String); 2],
    /// The learning rates with which the run was begun.
    pub rates: Vec<f64>,
}

impl Fixed {
    /// Of a run with these frozen parameters.
    pub fn new<P: Parameters>(
        frozen: &P::Frozen,
        rates: Vec<f64>,
        numbers: [(&'static str, u64); 5],
        monitor: &str,
        average: &str,
    ) -> Self {
        let words = bytes_of(frozen).chunks(8).map(|bytes| {
            let mut word = [0; 8];
            word.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
            u64::from_le_bytes(word)
        });
        let hash = words.fold(0, |hash, word| mix(hash ^ word));
        let [first, second, third, fourth, fifth] = numbers;
        let numbers = [first, second, third, fourth, fifth, ("the fingerprint of the frozen parameters", hash)];
        let words = [("`monitor`", "monitor", monitor.to_owned()), ("`average`", "average", average.to_owned())];
        Self { numbers, words, rates }
    }
}

/// Why a file's contents are not those of the run.
pub(super) enum Refused {
    Format(String),
    OtherNetwork(Vec<Difference>),
    OtherRun { what: &'static str, checkpoint: String, run: String },
    Complete { epochs: usize, begun_with: Vec<f64> },
}

/// The bytes of a tensor's values, lowest first.
fn le_bytes<T: Scalar>(values: &[T]) -> Vec<u8> {
    let is_double = size_of::<T>() == 8;
    let mut bytes = Vec::with_capacity(size_of_val(values));
    for value in values {
        if is_double {
            bytes.extend(value.to_f64().to_le_bytes());
        } else {
            bytes.extend((value.to_f64() as f32).to_le_bytes());
        }
    }
    bytes
}

/// The tensors of a file that is to be written.
#[derive(Default)]
struct Tensors(Vec<(String, Dtype, Vec<usize>, Vec<u8>)>);

impl Tensors {
    fn numbers(&mut self, name: &str, numbers: &[u64]) {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.0.push((name.to_owned(), Dtype::U64, [numbers.len()].to_vec(), bytes));
    }

    fn values<T: Scalar>(&mut self, name: &str, values: &[T]) {
        let dtype = if size_of::<T>() == 8 { Dtype::F64 } else { Dtype::F32 };
        self.0.push((name.to_owned(), dtype, [values.len()].to_vec(), le_bytes(values)));
    }
}

/// The names of the networks of the optimizer state: PyTorch's, or numbers where an optimizer of a user's own has none.
fn state_names<P: Parameters, O: Optimizer<P::Scalar>>() -> impl Iterator<Item = String> {
    let networks = size_of::<O::State<P>>() / size_of::<P>().max(1);
    (0..networks).map(|index| match O::STATE_NAMES.get(index) {
        Some(name) => (*name).to_owned(),
        None => index.to_string(),
    })
}

/// What is before the name of a network of the optimizer state.
const OPTIMIZER: &str = "optimizer.";

/// The file of a run.
pub(super) fn to_bytes<P, O, const BATCH: usize>(
    network: &P,
    state: &mut State<P, O, BATCH>,
    fixed: &Fixed,
) -> io::Result<Vec<u8>>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone,
{
    let mut tensors = Tensors::default();
    tensors.values("network", network.as_slice());
    let rates: Vec<f64> = state.initial.learning_rates().map(|lr| *lr).collect();
    tensors.values("learning_rates.initial", &fixed.rates);
    tensors.values("learning_rates.now", &rates);
    let last: Vec<f64> = state.optimizer.learning_rates().map(|lr| *lr).collect();
    tensors.values("learning_rates.last", &last);
    let len = network.as_slice().len();
    let of_optimizer: &[P::Scalar] = try_cast_slice(bytes_of(&state.training.state)).map_err(io_error)?;
    for (name, values) in state_names::<P, O>().zip(of_optimizer.chunks_exact(len.max(1))) {
        tensors.values(&format!("{OPTIMIZER}{name}"), values);
    }
    let average_count = state.average.as_ref().map_or(0, |(_, count)| *count);
    if let Some((average, 1..)) = &state.average {
        tensors.values("average", average.as_slice());
    }
    if let Some(best) = state.best_network.as_ref().filter(|_| state.history.epochs() > 0) {
        tensors.values("best", best.as_slice());
    }
    let position = [state.epoch as u64, state.position as u64, state.training.steps, average_count];
    tensors.numbers("position", &position);
    tensors.numbers("run", &fixed.numbers.map(|(_, number)| number));
    tensors.values("sums.losses", state.sums.losses.as_ref());
    tensors.values("sums.weights", state.sums.weights.as_ref());
    for (index, column) in state.history.columns().iter().enumerate() {
        tensors.values(&format!("history.{index}"), &column.values);
    }
    let columns: Vec<_> = state.history.columns().iter().map(heading).collect();
    let metadata =
        [("version", VERSION.to_owned()), (spec::KEY, Spec::of::<P>().to_string()), ("history", columns.join("\n"))];
    let words = fixed.words.iter().map(|(_, key, word)| (*key, word.clone()));
    let sum = checksum(tensors.0.iter().map(|(name, _, _, bytes)| (name.as_str(), bytes.as_slice())));
    let metadata = metadata
        .into_iter()
        .chain(words)
        .chain([("checksum", sum)])
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let views: Result<Vec<_>, _> = tensors
        .0
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((name.as_str(), TensorView::new(*dtype, shape.clone(), bytes)?)))
        .collect();
    views.and_then(|views| safetensors::serialize(views, Some(metadata))).map_err(io_error)
}

/// A checksum over the names and the bytes of all tensors, in any order.
fn checksum<'t>(tensors: impl Iterator<Item = (&'t str, &'t [u8])>) -> String {
    let of_bytes = |start: u64, bytes: &[u8]| {
        let (words, rest) = bytes.as_chunks::<8>();
        let sum = words.iter().fold(start, |sum, word| mix(sum ^ u64::from_le_bytes(*word)));
        rest.iter().fold(sum, |sum, byte| mix(sum ^ u64::from(*byte)))
    };
    let sums = tensors.map(|(name, bytes)| of_bytes(of_bytes(bytes.len() as u64, name.as_bytes()), bytes));
    format!("{:016x}", sums.fold(0, u64::wrapping_add))
}

fn io_error(error: impl core::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

/// A column of the history in the file's text: `max val_accuracy`.
fn heading(column: &Column) -> String {
    let mode = match column.mode {
        Some(Mode::Min) => "min",
        Some(Mode::Max) => "max",
        None => "none",
    };
    format!("{mode} {}", column.name)
}

/// Reads the tensors of a file.
struct Reader<'f>(File<'f>);

impl Reader<'_> {
    fn tensor(&self, name: &str, dtype: Dtype, len: usize) -> Result<&FileTensor<'_>, Refused> {
        let tensor = self.0.tensors.iter().find(|tensor| tensor.name == name);
        let tensor = tensor.ok_or_else(|| Refused::Format(format!("it has no `{name}`")))?;
        let is_right = tensor.dtype == dtype && tensor.shape == [len];
        let (found, shape) = (tensor.dtype, &tensor.shape);
        is_right
            .then_some(tensor)
            .ok_or_else(|| Refused::Format(format!("`{name}` is {found} {shape:?}, but should be {dtype} [{len}]")))
    }

    fn numbers<const LEN: usize>(&self, name: &str) -> Result<[u64; LEN], Refused> {
        let (words, _) = self.tensor(name, Dtype::U64, LEN)?.bytes().as_chunks::<8>();
        let mut numbers = [0; LEN];
        numbers.iter_mut().zip(words).for_each(|(number, word)| *number = u64::from_le_bytes(*word));
        Ok(numbers)
    }

    /// Overwrites values with those of a tensor of the same type and length.
    fn fill<T: Scalar>(&self, name: &str, values: &mut [T]) -> Result<(), Refused> {
        let is_double = size_of::<T>() == 8;
        let dtype = if is_double { Dtype::F64 } else { Dtype::F32 };
        let bytes = self.tensor(name, dtype, values.len())?.bytes();
        if is_double {
            let words = bytes.as_chunks::<8>().0;
            values.iter_mut().zip(words).for_each(|(value, word)| *value = T::from_f64(f64::from_le_bytes(*word)));
        } else {
            let words = bytes.as_chunks::<4>().0;
            let read = |word: &[u8; 4]| T::from_f64(f32::from_le_bytes(*word).into());
            values.iter_mut().zip(words).for_each(|(value, word)| *value = read(word));
        }
        match values.iter().find(|value| !value.to_f64().is_finite()) {
            // what a metric did not measure is NaN in the history
            Some(value) if !name.starts_with("history") => {
                Err(Refused::Format(format!("`{name}` has the value {value}")))
            }
            _ => Ok(()),
        }
    }

    /// The values of a tensor of any length.
    fn values(&self, name: &str) -> Result<Vec<f64>, Refused> {
        let tensor = self.0.tensors.iter().find(|tensor| tensor.name == name);
        let len = tensor.and_then(|tensor| tensor.shape.first().copied()).unwrap_or(0);
        let mut values = std::vec![0.0; len];
        self.fill(name, &mut values)?;
        Ok(values)
    }

    fn text(&self, key: &str) -> Result<&str, Refused> {
        let text = self.0.metadata.get(key);
        text.map(String::as_str).ok_or_else(|| Refused::Format(format!("its header has no `{key}`")))
    }
}

/// Reads the file of a run of `epochs` epochs into a network and a state of the same run. The learning rates are those that callbacks
/// left, unless the program has others than it had. The network is changed only if nothing is wrong.
pub(super) fn read<P, O, const BATCH: usize>(
    bytes: &[u8],
    network: &mut P,
    state: &mut State<P, O, BATCH>,
    fixed: &Fixed,
    epochs: usize,
) -> Result<(), Refused>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone,
{
    let file = File::parse(bytes).map_err(|error| Refused::Format(error.to_string()))?;
    let reader = Reader(file);
    let version = reader.text("version")?;
    if version != VERSION {
        return Err(Refused::Format(format!(
            "it has the version {version}, which another version of nn-runtime reads"
        )));
    }
    let sum = checksum(reader.0.tensors.iter().map(|tensor| (tensor.name.as_str(), tensor.bytes())));
    if reader.text("checksum")? != sum {
        return Err(Refused::Format("its checksum is another: bytes have changed".to_owned()));
    }
    check_network::<P>(reader.text(spec::KEY)?)?;
    check_optimizer::<P, O>(&reader.0)?;
    for (what, key, run) in &fixed.words {
        let checkpoint = reader.text(key)?;
        if checkpoint != run {
            return Err(Refused::OtherRun { what, checkpoint: checkpoint.to_owned(), run: run.clone() });
        }
    }
    let numbers: [u64; 6] = reader.numbers("run")?;
    if let Some(((what, run), checkpoint)) = fixed.numbers.iter().zip(numbers).find(|((_, run), number)| run != number)
    {
        return Err(Refused::OtherRun { what, checkpoint: checkpoint.to_string(), run: run.to_string() });
    }
    let len = network.as_slice().len();
    let mut parameters = std::vec![P::Scalar::ZERO; len];
    reader.fill("network", &mut parameters)?;
    let of_optimizer: &mut [P::Scalar] = scalars_mut(&mut state.training.state);
    for (name, values) in state_names::<P, O>().zip(of_optimizer.chunks_exact_mut(len.max(1))) {
        reader.fill(&format!("{OPTIMIZER}{name}"), values)?;
    }
    let [epoch, position, steps, average_count] = reader.numbers("position")?;
    (state.epoch, state.position, state.training.steps) = (epoch as usize, position as usize, steps);
    if let Some((average, count)) = &mut state.average
        && average_count > 0
    {
        reader.fill("average", average.as_mut_slice())?;
        *count = average_count;
    }
    let mut sums = Sums::<P>::new();
    reader.fill("sums.losses", sums.losses.as_mut())?;
    reader.fill("sums.weights", sums.weights.as_mut())?;
    state.sums = sums;
    state.history = history(&reader, state.epoch)?;
    if let Some(best) = state.best_network.as_mut().filter(|_| epoch > 0) {
        reader.fill("best", best.as_mut_slice())?;
    }
    let (begun_with, rates) = (reader.values("learning_rates.initial")?, reader.values("learning_rates.now")?);
    if begun_with == fixed.rates {
        state.initial.learning_rates().zip(rates).for_each(|(lr, rate)| *lr = rate);
        state.optimizer.clone_from(&state.initial);
        // what a schedule made of them for the last step, which the history of an epoch has
        let last = reader.values("learning_rates.last")?;
        state.optimizer.learning_rates().zip(last).for_each(|(lr, rate)| *lr = rate);
    } else if state.epoch >= epochs {
        return Err(Refused::Complete { epochs: state.epoch, begun_with });
    }
    network.as_mut_slice().copy_from_slice(&parameters);
    Ok(())
}

/// Checks that the file is of the same network.
fn check_network<P: Parameters>(text: &str) -> Result<(), Refused> {
    let has_tensors = |stage: &str| {
        let mut names = P::LAYERS.iter().filter(|row| row.len() > 0 || row.frozen_len > 0).map(|row| row.name);
        names.any(|name| name == stage).then(|| stage.to_owned())
    };
    let differences = spec::differences(text, &Spec::of::<P>().to_string(), has_tensors);
    if differences.is_empty() { Ok(()) } else { Err(Refused::OtherNetwork(differences)) }
}

/// Checks that the file has the state of the same kind of optimizer.
fn check_optimizer<P: Parameters, O: Optimizer<P::Scalar>>(file: &File) -> Result<(), Refused> {
    let words = |names: Vec<String>| if names.is_empty() { "empty".to_owned() } else { names.join(", ") };
    let found = file.tensors.iter().filter_map(|tensor| tensor.name.strip_prefix(OPTIMIZER)).map(ToOwned::to_owned);
    let (mut found, mut expected): (Vec<_>, Vec<_>) = (found.collect(), state_names::<P, O>().collect());
    found.sort();
    expected.sort();
    if found == expected {
        return Ok(());
    }
    let what = "the optimizer state";
    Err(Refused::OtherRun { what, checkpoint: words(found), run: words(expected) })
}

/// The history of so many epochs.
fn history(reader: &Reader, epochs: usize) -> Result<History, Refused> {
    let mut history = History::default();
    for (index, heading) in reader.text("history")?.lines().enumerate() {
        let (mode, name) = match heading.split_once(' ') {
            Some(("min", name)) => (Some(Mode::Min), name),
            Some(("max", name)) => (Some(Mode::Max), name),
            Some(("none", name)) => (None, name),
            _ => return Err(Refused::Format(format!("its history has a column `{heading}`"))),
        };
        let values = reader.values(&format!("history.{index}"))?;
        if values.len() != epochs {
            return Err(Refused::Format(format!("its history has {} epochs, but the run {epochs}", values.len())));
        }
        history.restore(name.to_owned(), mode, values);
    }
    if history.epochs() == epochs {
        Ok(history)
    } else {
        Err(Refused::Format(format!("its history has {} epochs, but the run {epochs}", history.epochs())))
    }
}
