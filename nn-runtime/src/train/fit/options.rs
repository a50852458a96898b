//! The numbers of a run.

use super::super::TrainError;
use super::super::training::check_size;
use crate::OptionError;
use crate::network::Parameters;

/// The numbers of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::train) struct Options {
    pub epochs: usize,
    pub batch_size: usize,
    pub drops_last: bool,
    /// The number of mini-batches whose gradients make an update.
    pub accumulation: usize,
    pub seed: u64,
    pub clip_norm: Option<f64>,
    pub clip_value: Option<f64>,
}

impl Options {
    pub const fn new() -> Self {
        Self {
            epochs: 10,
            batch_size: 32,
            drops_last: false,
            accumulation: 1,
            seed: 0,
            clip_norm: None,
            clip_value: None,
        }
    }

    /// Checks the options for so many samples in tiles of `tile` rows.
    pub fn check<P: Parameters>(&self, samples: usize, tile: usize) -> Result<(), TrainError> {
        let Self { epochs, batch_size, drops_last, accumulation, clip_norm, clip_value, .. } = *self;
        OptionError::check("Fit", "epochs", epochs as f64, epochs > 0, "at least 1")?;
        let is_allowed = accumulation > 0;
        OptionError::check("Fit", "gradient_accumulation_steps", accumulation as f64, is_allowed, "at least 1")?;
        clip_norm.map_or(Ok(()), |max| OptionError::check_positive::<f64>("Fit", "clip_norm", max))?;
        clip_value.map_or(Ok(()), |max| OptionError::check_positive::<P::Scalar>("Fit", "clip_value", max))?;
        let last = samples.checked_rem(batch_size).ok_or(TrainError::NoBatchSize)?;
        if drops_last {
            let allowed = "at most the number of samples where the last mini-batch is dropped";
            OptionError::check("Fit", "batch_size", batch_size as f64, batch_size <= samples, allowed)?;
        } else if last > 0 {
            check_size::<P>(last, tile)?;
        }
        check_size::<P>(batch_size.min(samples), tile)
    }

    /// Whether gradients are clipped: then they are checked before, as an infinite value would become a finite one.
    pub const fn clips(&self) -> bool {
        self.clip_value.is_some() || self.clip_norm.is_some()
    }

    /// The samples of an epoch.
    pub fn samples_per_epoch(&self, samples: usize) -> usize {
        if self.drops_last { samples - samples % self.batch_size.max(1) } else { samples }
    }

    /// The samples of an update, but for the last one of an epoch.
    pub fn samples_per_step(&self) -> usize {
        self.batch_size.saturating_mul(self.accumulation).max(1)
    }

    /// The updates of an epoch.
    pub fn steps_per_epoch(&self, samples: usize) -> u64 {
        self.samples_per_epoch(samples).div_ceil(self.samples_per_step()) as u64
    }
}
