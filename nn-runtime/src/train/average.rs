//! Averages of a network's parameters over the steps of a run.

#[cfg(feature = "alloc")]
use crate::OptionError;
use crate::network::Parameters;
#[cfg(feature = "alloc")]
use crate::network::{LayerInfo, OptionValue};
use crate::scalar::Scalar;

/// An average of the parameters over a run, which often generalises better than the last parameters. PyTorch's
/// `torch.optim.swa_utils.AveragedModel`.
///
/// ```text
/// ema    average = average + (1 - decay) · (parameter - average)      after every update
/// swa    average = average + (parameter - average) / (count + 1)      after every epoch from `from_epoch` on
/// ```
///
/// The average starts as a copy. [`Fit::average`](super::Fit::average) validates it, and leaves it in the network at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Average {
    /// The exponential moving average. PyTorch's `get_ema_multi_avg_fn`.
    Ema {
        /// The factor of the old average in an update, from 0 to 1.
        decay: f64,
    },
    /// Stochastic weight averaging (Izmailov et al., 2018). PyTorch's `get_swa_multi_avg_fn`.
    Swa {
        /// The first epoch that is averaged, counted from 1.
        from_epoch: usize,
    },
}

impl Average {
    /// The exponential moving average; PyTorch's default is a `decay` of 0.999.
    #[must_use]
    pub const fn ema(decay: f64) -> Self {
        Self::Ema { decay }
    }

    /// Stochastic weight averaging from an epoch on, counted from 1. It is meant for a learning rate that is constant from then on: see
    /// [`schedule`](crate::schedule).
    #[must_use]
    pub const fn swa(from_epoch: usize) -> Self {
        Self::Swa { from_epoch }
    }

    #[cfg(feature = "alloc")]
    pub(super) fn check_options(&self) -> Result<(), OptionError> {
        match *self {
            Self::Ema { decay } => {
                let is_allowed = (0.0..=1.0).contains(&decay);
                OptionError::check("Average::ema", "decay", decay, is_allowed, "from 0 to 1")
            }
            Self::Swa { from_epoch } => {
                OptionError::check("Average::swa", "from_epoch", from_epoch as f64, from_epoch > 0, "at least 1")
            }
        }
    }

    /// Adds a network to the average of the `count` networks before it. Running statistics are copied, as PyTorch does.
    ///
    /// In a loop of one's own:
    ///
    /// ```
    /// use nn_runtime::prelude::*;
    /// # network! { struct Net: [2] -> [3] { linear(3) } }
    /// # let (inputs, classes) = ([[1.0, 2.0]], [0_u8]);
    /// # let mut network = Net::new(&mut rng(0));
    /// # let mut training = Training::<Net, Adam, 1>::ZERO;
    /// let mut average = network;
    /// for count in 0..100 {
    ///     training.step(&mut network, &Adam::new(1e-3), &CrossEntropy, &inputs, &classes)?;
    ///     Average::ema(0.99).update(&mut average, &network, count);
    /// }
    /// # assert_ne!(average, network);
    /// # Ok::<(), TrainError>(())
    /// ```
    pub fn update<P: Parameters>(&self, average: &mut P, network: &P, count: u64) {
        let share = match *self {
            _ if count == 0 => 1.0,
            Self::Ema { decay } => 1.0 - decay,
            Self::Swa { .. } => 1.0 / (count as f64 + 1.0),
        };
        let share = P::Scalar::from_f64(share);
        for run in P::RUNS {
            let range = run.start..run.start + run.len;
            let (Some(averages), Some(parameters)) =
                (average.as_mut_slice().get_mut(range.clone()), network.as_slice().get(range))
            else {
                continue;
            };
            if count == 0 || !run.is_trained {
                averages.copy_from_slice(parameters);
                continue;
            }
            for (average, &parameter) in averages.iter_mut().zip(parameters) {
                *average += share * (parameter - *average);
            }
        }
    }

    #[cfg(feature = "alloc")]
    /// Whether an update is taken in: all of them, or the last one of an epoch, from 1.
    pub(super) fn takes(&self, epoch: usize, is_last_of_epoch: bool) -> bool {
        match *self {
            Self::Ema { .. } => true,
            Self::Swa { from_epoch } => is_last_of_epoch && epoch >= from_epoch,
        }
    }
}

#[cfg(feature = "alloc")]
/// The positions of running statistics of batch normalisation, and the momentum by which each changes.
pub(super) fn batch_statistics<P: Parameters>() -> impl Iterator<Item = (usize, f64)> {
    let runs = P::RUNS.iter().filter(|run| !run.is_trained);
    let positions = runs.flat_map(|run| run.start..run.start + run.len);
    positions.filter_map(|position| Some((position, momentum(P::LAYERS, position)?)))
}

#[cfg(feature = "alloc")]
/// The momentum of the layer whose running statistic is at a position of the flat slice; `None` if it has no such option.
fn momentum(layers: &[LayerInfo], position: usize) -> Option<f64> {
    let mut own = layers.iter().filter(|row| !row.is_frozen && (row.start..row.start + row.len()).contains(&position));
    own.next_back().and_then(|row| match row.inner {
        [] => row.options.iter().find_map(|option| match option {
            ("momentum", OptionValue::Number(momentum)) => Some(*momentum),
            _ => None,
        }),
        inner => momentum(inner, position - row.start),
    })
}
