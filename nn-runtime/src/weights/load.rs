//! From bytes into a network: everything is checked, then everything is written.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::path::Path;

use super::convert::Format;
use super::error::{LeftOver, LoadError, Missing, OtherShape};
use super::file::{File, FileTensor};
use super::report::{Converted, Report};
use super::spec::{self, Spec};
use super::suggest;
use crate::network::stages::below;
use crate::network::tensors::{is_count_of_batches, views_mut};
use crate::network::{LayerInfo, Restore, Trainable as _, flat_mut, tensors};
use crate::scalar::Scalar;

/// How weights are loaded: which names mean which stages, and whether the file must have all of them and no others.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::weights::Load;
///
/// network! {
///     struct Net: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }
///     struct Body: [4] -> [8] { fc: linear(8), relu }
///     struct Other: [4] -> [2] { body: Body, head: linear(2) }
/// }
///
/// # fn main() -> Result<(), nn_runtime::weights::LoadError> {
/// let bytes = Net::new(&mut rng(1)).to_bytes();
/// let mut other = Other::new(&mut rng(2));
/// let report = Load::new().rename("fc1", "body.fc").strict(false).bytes(&mut other, &bytes)?;
/// assert_eq!(report.taken, ["body.fc.weight", "body.fc.bias"]);
/// assert_eq!(report.missing, ["head.weight", "head.bias"]);
/// assert_eq!(report.left_over, ["fc2.bias", "fc2.weight"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Load {
    renames: Vec<(String, String)>,
    is_strict: bool,
    checks_architecture: bool,
}

impl Default for Load {
    fn default() -> Self {
        Self::new()
    }
}

impl Load {
    /// The names in the file are those of the network, and it has all of them.
    #[must_use]
    pub const fn new() -> Self {
        Self { renames: Vec::new(), is_strict: true, checks_architecture: true }
    }

    /// What begins with `prefix` in the file begins with `stage` in the network: `rename("model.0", "fc1")` loads
    /// `model.0.weight` into `fc1.weight`. Of several prefixes, the longest counts; an empty one is before every name.
    #[must_use]
    pub fn rename(mut self, prefix: impl Into<String>, stage: impl Into<String>) -> Self {
        self.renames.push((without_dot(prefix.into()), without_dot(stage.into())));
        self
    }

    /// Whether the file must have every tensor of the network, no others, and no other stages; `true` unless said otherwise. With
    /// `false`, what both have is loaded, and the [`Report`] says what is missing and what is left over.
    #[must_use]
    pub const fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// Whether the network that saved the file must have the same layers, options and shapes, if the file says which it was; `true`
    /// unless said otherwise. With `false`, tensors are still compared: for a network with another dropout, for example.
    #[must_use]
    pub const fn check_architecture(mut self, checks_architecture: bool) -> Self {
        self.checks_architecture = checks_architecture;
        self
    }

    /// Loads a file. A network with frozen stages is handed over with them: `network.with_both_mut(&mut frozen)`.
    ///
    /// # Errors
    /// See [`LoadError`]; the network is as before.
    #[cfg(feature = "std")]
    pub fn file<N: Restore>(&self, network: &mut N, path: impl AsRef<Path>) -> Result<Report, LoadError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| LoadError::Read { path: path.to_owned(), error })?;
        self.bytes(network, &bytes)
    }

    /// Loads the bytes of a file.
    ///
    /// # Errors
    /// See [`LoadError`]; the network is as before.
    pub fn bytes<N: Restore>(&self, network: &mut N, bytes: &[u8]) -> Result<Report, LoadError> {
        let spec = Spec::of::<N::Parameters>();
        let (network, frozen) = network.both_mut();
        self.load::<N::Scalar>(spec, [network.as_mut_slice(), flat_mut(frozen)], bytes)
    }

    /// The same for every network of a type.
    fn load<T: Scalar>(&self, spec: Spec, [own, frozen]: [&mut [T]; 2], bytes: &[u8]) -> Result<Report, LoadError> {
        let file = File::parse(bytes)?;
        if self.is_strict && self.checks_architecture {
            self.check_network(&file, spec)?;
        }
        let (sources, mut report) = self.sources(&file, spec.layers)?;
        let own_type = T::DTYPE.to_string();
        for (name, tensor) in report.taken.iter().zip(sources.iter().flatten()) {
            let format = check_values::<T>(tensor)?;
            if format.name != own_type {
                report.converted.push(Converted { name: name.clone(), from: format.name, to: T::DTYPE });
            }
        }
        // nothing fails from here on
        for (mut slot, source) in views_mut(spec.layers, own, frozen).zip(&sources) {
            if let Some((tensor, format)) = source.and_then(|tensor| Some((tensor, tensor.format()?))) {
                slot.set(tensor.values(format).map(T::from_f64));
            }
        }
        Ok(report)
    }

    /// The file's tensor for each of the network's, in the network's order.
    fn sources<'f>(
        &self,
        file: &'f File,
        layers: &'static [LayerInfo],
    ) -> Result<(Vec<Option<&'f FileTensor<'f>>>, Report), LoadError> {
        let mut by_name = self.by_name(file)?;
        let (mut sources, mut report) = (Vec::new(), Report::default());
        let (mut missing, mut other_shapes) = (Vec::new(), Vec::new());
        for info in tensors(layers) {
            let (name, shape) = (info.name().to_string(), info.shape());
            let source = match by_name.remove(&name).as_deref() {
                None | Some([]) => {
                    missing.push(Missing { name, shape: shape.to_vec(), similar: Vec::new() });
                    None
                }
                Some([tensor]) => {
                    if tensor.shape != shape {
                        let (file, network) = (tensor.shape.clone(), shape.to_vec());
                        other_shapes.push(OtherShape { name: name.clone(), file, network });
                    }
                    report.taken.push(name);
                    Some(*tensor)
                }
                Some([first, second, ..]) => {
                    return Err(LoadError::SameName { name, files: [first, second].map(|tensor| tensor.name.clone()) });
                }
            };
            sources.push(source);
        }
        let left_over = by_name.into_values().flatten().filter(|tensor| !is_count_of_batches(&tensor.name));
        let mut left_over: Vec<_> =
            left_over.map(|tensor| LeftOver { name: tensor.name.clone(), shape: tensor.shape.clone() }).collect();
        left_over.sort_by(|left, right| left.name.cmp(&right.name));
        if self.is_strict || report.taken.is_empty() {
            check_all_are_there(missing, left_over, other_shapes)?;
        } else {
            report.missing = missing.into_iter().map(|tensor| tensor.name).collect();
            report.left_over = left_over.into_iter().map(|tensor| tensor.name).collect();
            check_all_are_there(Vec::new(), Vec::new(), other_shapes)?;
        }
        Ok((sources, report))
    }

    /// The file's tensors by their names in the network.
    fn by_name<'f>(&self, file: &'f File) -> Result<BTreeMap<String, Vec<&'f FileTensor<'f>>>, LoadError> {
        let mut by_name = BTreeMap::<_, Vec<_>>::new();
        for tensor in &file.tensors {
            by_name.entry(self.renamed(&tensor.name)).or_default().push(tensor);
        }
        let is_unused = |prefix: &str| !file.tensors.iter().any(|tensor| below(&tensor.name, prefix).is_some());
        match self.renames.iter().find(|(prefix, _)| is_unused(prefix)) {
            Some((prefix, _)) => {
                let names = file.tensors.iter().map(|tensor| tensor.name.clone()).collect();
                Err(LoadError::UnusedRename { prefix: prefix.clone(), names })
            }
            None => Ok(by_name),
        }
    }

    /// Checks that a network with the same stages wrote the file, if the file says which.
    fn check_network(&self, file: &File, spec: Spec) -> Result<(), LoadError> {
        // other programs may mean something else by the key
        let Some(text) = file.metadata.get(spec::KEY).filter(|text| text.starts_with('[')) else { return Ok(()) };
        let has_tensors = |stage: &str| file.tensors.iter().any(|tensor| below(&tensor.name, stage).is_some());
        let renamed = |stage: &str| has_tensors(stage).then(|| self.renamed(stage));
        let differences = spec::differences(text, &spec.to_string(), renamed);
        if differences.is_empty() { Ok(()) } else { Err(LoadError::OtherNetwork { differences }) }
    }

    /// The name in the network of what has this name in the file.
    fn renamed(&self, name: &str) -> String {
        let fitting =
            self.renames.iter().filter_map(|(prefix, stage)| Some((prefix.len(), below(name, prefix)?, stage)));
        match fitting.max_by_key(|(len, ..)| *len) {
            None => name.to_owned(),
            Some((_, rest, stage)) if stage.is_empty() => rest.to_owned(),
            Some((_, "", stage)) => stage.clone(),
            Some((_, rest, stage)) => format!("{stage}.{rest}"),
        }
    }
}

/// `model` of `model.`, as some write a prefix.
fn without_dot(mut prefix: String) -> String {
    prefix.truncate(prefix.trim_end_matches('.').len());
    prefix
}

/// The error about tensors, if there is anything to say.
fn check_all_are_there(
    mut missing: Vec<Missing>,
    left_over: Vec<LeftOver>,
    other_shapes: Vec<OtherShape>,
) -> Result<(), LoadError> {
    if missing.is_empty() && left_over.is_empty() && other_shapes.is_empty() {
        return Ok(());
    }
    let renames = suggest::renames(&missing, &left_over);
    if renames.is_empty() {
        for tensor in &mut missing {
            tensor.similar = suggest::similar(&tensor.name, &tensor.shape, &left_over);
        }
    }
    Err(LoadError::Tensors { missing, left_over, other_shapes, renames })
}

/// Checks that every value is a finite number in the network's type.
fn check_values<T: Scalar>(tensor: &FileTensor) -> Result<Format, LoadError> {
    let name = || tensor.name.clone();
    let Some(format) = tensor.format() else {
        return Err(LoadError::OtherType { name: name(), found: tensor.dtype.to_string(), expected: T::DTYPE });
    };
    let Some((position, value)) =
        tensor.values(format).enumerate().find(|(_, value)| !T::from_f64(*value).to_f64().is_finite())
    else {
        return Ok(format);
    };
    let (name, index) = (name(), index(position, &tensor.shape));
    Err(if value.is_finite() {
        LoadError::TooLarge { name, index, value, dtype: T::DTYPE }
    } else {
        LoadError::NotFinite { name, index, value }
    })
}

/// The index in each dimension of the value at a position.
pub(super) fn index(mut position: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = shape.to_vec();
    for size in index.iter_mut().rev() {
        let len = (*size).max(1);
        (*size, position) = (position % len, position / len);
    }
    index
}
