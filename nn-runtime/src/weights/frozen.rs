//! Weights in and out of a network with frozen stages.

use alloc::vec::Vec;
use core::ops::Deref;
#[cfg(feature = "std")]
use std::path::Path;

use super::bytes::parts_to_bytes;
#[cfg(feature = "std")]
use super::save::{SaveError, save_parts};
#[cfg(feature = "std")]
use super::{Load, LoadError, Report};
#[cfg(feature = "std")]
use crate::network::Restore;
use crate::network::{Parameters, WithFrozen};

impl<P: Parameters, R: Deref<Target = P>, F: Deref<Target = P::Frozen>> WithFrozen<R, F> {
    /// The bytes of a safetensors file with all parameters and running statistics, frozen ones included: the names, shapes and
    /// values of PyTorch's `state_dict`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        parts_to_bytes(self.network(), self.frozen())
    }

    /// Saves all parameters and running statistics in a safetensors file, frozen ones included: the names, shapes and values of
    /// PyTorch's `state_dict`. An old file is replaced by a whole new one.
    ///
    /// # Errors
    /// If a value is not finite, or the file cannot be written; an old file stays as it is.
    #[cfg(feature = "std")]
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        save_parts(self.network(), self.frozen(), path.as_ref())
    }

    /// Loads a safetensors file in place. [`Load`] has the choices.
    ///
    /// # Errors
    /// See [`LoadError`]; nothing is changed then.
    #[cfg(feature = "std")]
    pub fn load_in(&mut self, path: impl AsRef<Path>) -> Result<Report, LoadError>
    where
        Self: Restore,
    {
        Load::new().file(self, path)
    }
}
