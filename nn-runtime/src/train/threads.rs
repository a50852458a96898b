//! Training, evaluation and prediction on several cores.

mod pool;
mod workers;

use std::string::{String, ToString as _};
use std::vec::Vec;

use pool::Pool;
pub use workers::Workers;

use super::error::Refused;
use super::evaluate::TILE;
use super::evaluator::{Score, chunks};
use super::samples::{Weights, check, check_inputs};
use super::{Evaluation, Evaluator, ReportOf, TrainError};
use crate::OptionError;
use crate::data::{DataError, Dataset};
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::metrics::{Measured, Metric};
use crate::network::{Architecture, Predict, PredictAs, Samples};

/// A pool of threads for evaluation and prediction. The calling thread is one of them; the others wait between calls.
///
/// The results have the same bits on any number of threads, and those of [`evaluate`](super::evaluate()) and
/// [`predict_batch`](super::predict_batch).
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::train::Threads;
///
/// network! { struct Net: [2] -> [3] { linear(8), relu, linear(3) } }
///
/// let network = Net::new(&mut rng(0));
/// let inputs: Vec<[f32; 2]> = (0..5000).map(|i| [(i % 7) as f32, (i % 3) as f32]).collect();
/// let classes: Vec<u8> = (0..5000).map(|i| (i % 3) as u8).collect();
/// let data = Dataset::new(&inputs, &classes)?;
///
/// let threads = Threads::new(2)?;
/// assert_eq!(threads.evaluate(&network, &CrossEntropy, &data)?, evaluate(&network, &CrossEntropy, &data)?);
/// assert_eq!(threads.predict_batch(&network, &inputs)?, predict_batch(&network, &inputs)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Threads {
    count: usize,
    /// `None` if the calling thread is alone.
    pool: Option<Pool>,
}

impl Threads {
    /// So many threads, the calling one included.
    ///
    /// # Errors
    ///
    /// [`ThreadsError::Option`] if there is to be none, [`ThreadsError::Start`] if the system does not start them.
    pub fn new(threads: usize) -> Result<Self, ThreadsError> {
        let is_allowed = (1..=MOST_THREADS).contains(&threads);
        let allowed = "from 1 to 1024";
        OptionError::check("Threads", "threads", threads as f64, is_allowed, allowed).map_err(ThreadsError::Option)?;
        let pool = (threads > 1).then(|| Pool::new(threads - 1)).transpose();
        let pool = pool.map_err(|error| ThreadsError::Start { error: error.to_string() })?;
        Ok(Self { count: threads, pool })
    }

    /// Does the work on every part, of which there is one for each thread at most.
    fn share<T: Send>(&self, parts: impl IntoIterator<Item = T>, work: impl Fn(T) + Sync) {
        match &self.pool {
            Some(pool) => pool.share(parts, work),
            None => parts.into_iter().for_each(work),
        }
    }

    /// How many of `items` items a thread takes.
    fn part_of(&self, items: usize) -> usize {
        items.div_ceil(self.count).max(1)
    }

    /// [`evaluate`](super::evaluate()) on these threads.
    ///
    /// # Errors
    ///
    /// Those of `evaluate`.
    pub fn evaluate<N, L, Needs, Target>(
        &self,
        network: &N,
        loss: &L,
        data: &Dataset<N::Input, Target>,
    ) -> Result<Evaluation<ReportOf<N>>, TrainError>
    where
        N: Predict + Sync,
        L: Loss<Target, N::Output, N::Scalar, Needs> + Sync,
        Needs: Fits<N::Ending>,
        Target: Sync,
    {
        let loss = &Unchecked::new(loss);
        loss.check_options()?;
        let weights = check::<N, _, _, _>(data, loss)?;
        Ok(self.score::<N, _, _, _, _, TILE>(network, loss, &(), data, &weights)?.0)
    }

    /// [`evaluate`](Self::evaluate) with a loss and data that have been checked, and the sums of the samples' weights; and what a metric finds.
    pub(super) fn score<N, R, L, M, Target, const BATCH: usize>(
        &self,
        network: &R,
        loss: &L,
        metric: &M,
        data: &Dataset<N::Input, Target>,
        weights: &Weights<N>,
    ) -> Result<(Evaluation<ReportOf<N>>, M::State), Refused>
    where
        N: Architecture,
        R: PredictAs<N> + Sync,
        L: Loss<Target, N::Output, N::Scalar> + Sync,
        M: Metric<Target, N::Output, N::Scalar> + Sync,
        Target: Sync,
    {
        let scores = self.on_chunks::<N, _, BATCH>(data.len(), |evaluator, positions| {
            evaluator.score_part(network, loss, metric, data, positions)
        });
        let mut total = Score::new(loss, metric);
        for score in scores {
            total.merge::<Target>(score?);
        }
        Ok(total.evaluation::<N>(data.len(), weights))
    }

    /// [`measure`](super::measure) on these threads.
    ///
    /// # Errors
    ///
    /// Those of `measure`.
    pub fn measure<N, M, Target>(
        &self,
        network: &N,
        metric: &M,
        data: &Dataset<N::Input, Target>,
    ) -> Result<Vec<Measured>, TrainError>
    where
        N: Predict + Sync,
        M: Metric<Target, N::Output, N::Scalar> + Sync,
        Target: Sync,
    {
        check_inputs::<N>(data.inputs())?;
        let parts = self.on_chunks::<N, _, TILE>(data.len(), |evaluator, positions| {
            evaluator.measure_part(network, metric, data, positions)
        });
        let (mut state, mut found) = (M::State::default(), Vec::new());
        for part in parts {
            metric.merge(&mut state, part?);
        }
        metric.report(&state, &mut |measured| found.push(measured));
        Ok(found)
    }

    /// [`predict_batch`](super::predict_batch) on these threads.
    ///
    /// # Errors
    ///
    /// Those of `predict_batch`.
    pub fn predict_batch<N: Predict + Sync>(
        &self,
        network: &N,
        inputs: &[impl Samples<N::Input>],
    ) -> Result<Vec<N::Output>, TrainError> {
        let inputs = Samples::as_rows(inputs);
        if inputs.is_empty() {
            return Err(DataError::Empty.into());
        }
        check_inputs::<N>(inputs)?;
        let mut outputs: Vec<N::Output> = bytemuck::zeroed_vec(inputs.len());
        // whole tiles, so that no thread has a part of one
        let len = self.part_of(inputs.len().div_ceil(TILE)) * TILE;
        let mut results = std::vec![Ok(()); inputs.len().div_ceil(len)];
        let parts = inputs.chunks(len).zip(outputs.chunks_mut(len)).zip(&mut results);
        self.share(parts, |((inputs, outputs), result)| {
            *result = Evaluator::<N, TILE>::boxed().predict_checked(network, inputs, outputs);
        });
        results.into_iter().collect::<Result<(), _>>()?;
        Ok(outputs)
    }

    /// What `work` finds of each chunk of the data, in order.
    pub(super) fn on_chunks<N, Found, const BATCH: usize>(
        &self,
        samples: usize,
        work: impl Fn(&mut Evaluator<N, BATCH>, core::ops::Range<usize>) -> Found + Sync,
    ) -> impl Iterator<Item = Found>
    where
        N: Architecture,
        Found: Send,
    {
        let chunks: Vec<_> = chunks::<BATCH>(samples).collect();
        let mut found: Vec<Option<Found>> = chunks.iter().map(|_| None).collect();
        let len = self.part_of(chunks.len());
        self.share(chunks.chunks(len).zip(found.chunks_mut(len)), |(chunks, found)| {
            let mut evaluator = Evaluator::boxed();
            for (chunk, found) in chunks.iter().zip(found) {
                *found = Some(work(&mut evaluator, chunk.clone()));
            }
        });
        found.into_iter().flatten()
    }
}

/// More threads than this are a mistake.
const MOST_THREADS: usize = 1024;

/// Why a pool could not be started.
#[derive(Debug)]
#[non_exhaustive]
pub enum ThreadsError {
    /// The number of threads is out of range.
    Option(OptionError),
    /// The system does not start them.
    Start {
        /// Why not.
        error: String,
    },
}

impl core::fmt::Display for ThreadsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Option(error) => write!(f, "{error}"),
            Self::Start { error } => write!(f, "the system does not start the threads: {error}"),
        }
    }
}

impl core::error::Error for ThreadsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Option(error) => Some(error),
            Self::Start { .. } => None,
        }
    }
}
