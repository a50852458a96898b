//! Where a run stands.

/// How far a run is when the learning rate of its next update is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// The number of updates so far.
    pub step: u64,
    /// The number of updates in an epoch.
    pub steps_per_epoch: u64,
    /// The number of updates in the whole run.
    pub steps: u64,
}

impl Moment {
    /// The moment after `step` updates of a run of `epochs` epochs.
    ///
    /// ```
    /// use nn_runtime::schedule::Moment;
    ///
    /// const NOW: Moment = Moment::at(25, 10, 3);
    /// assert_eq!((NOW.epoch(), NOW.epochs(), NOW.steps), (2, 3, 30));
    /// ```
    #[must_use]
    pub const fn at(step: u64, steps_per_epoch: u64, epochs: u64) -> Self {
        Self { step, steps_per_epoch, steps: epochs.saturating_mul(steps_per_epoch) }
    }

    /// The number of whole epochs so far.
    #[must_use]
    pub const fn epoch(self) -> u64 {
        self.step / self.nonzero_steps_per_epoch()
    }

    /// The number of epochs in the whole run; the last one may be shorter.
    #[must_use]
    pub const fn epochs(self) -> u64 {
        self.steps.div_ceil(self.nonzero_steps_per_epoch())
    }

    /// An epoch without updates counts as one of a single update.
    const fn nonzero_steps_per_epoch(self) -> u64 {
        if self.steps_per_epoch == 0 { 1 } else { self.steps_per_epoch }
    }
}
