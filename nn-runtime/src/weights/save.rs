//! From a network into a file, which is whole at every moment.

use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::bytes::parts_to_bytes;
use super::load::index;
use crate::files::replace;
use crate::network::tensors::views;
use crate::network::{Parameters, Parts, flat};
use crate::scalar::Scalar;

/// Why weights were not saved. A file of the name that was there before is as it was.
#[non_exhaustive]
pub enum SaveError {
    /// A value of the network is NaN or infinite.
    NotFinite {
        /// The tensor.
        name: String,
        /// The value's index in each dimension.
        index: Vec<usize>,
        /// The value.
        value: f64,
    },
    /// The file cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { name, index, value } => write!(
                f,
                "`{name}` has the value {value} at {index:?}, which is not finite: nothing is saved\n\
                 help: load the last file, and train with a smaller learning rate or `clip_norm`"
            ),
            Self::Write { path, error } => write!(f, "cannot write `{}`: {error}", path.display()),
        }
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Write { error, .. } => Some(error),
            Self::NotFinite { .. } => None,
        }
    }
}

/// Saves all parameters and running statistics of a network, frozen ones included: the method `save`, for any network.
///
/// They are written into a file beside the one that is named, which then gets its name: at every moment there is the old file or
/// the new one, whole, also when the power fails.
///
/// # Errors
/// If a value is not finite, or the file cannot be written; an old file stays as it is.
pub fn save<P: Parameters>(network: &impl Parts<P>, path: impl AsRef<Path>) -> Result<(), SaveError> {
    let (network, frozen) = network.parts();
    save_parts(network, frozen, path.as_ref())
}

/// [`save`] of a network and its frozen parameters.
pub(crate) fn save_parts<P: Parameters>(network: &P, frozen: &P::Frozen, path: &Path) -> Result<(), SaveError> {
    for tensor in views::<P::Scalar>(P::LAYERS, network.as_slice(), flat(frozen)) {
        let mut values = tensor.values().map(Scalar::to_f64).enumerate();
        if let Some((position, value)) = values.find(|(_, value)| !value.is_finite()) {
            let (name, index) = (tensor.info().name().to_string(), index(position, tensor.info().shape()));
            return Err(SaveError::NotFinite { name, index, value });
        }
    }
    replace(path, &parts_to_bytes(network, frozen)).map_err(|error| SaveError::Write { path: path.to_owned(), error })
}
