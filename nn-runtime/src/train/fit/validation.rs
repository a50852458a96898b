//! Validation after an epoch.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::error::Refused;
use super::super::samples::{Weights, check};
use super::super::{Evaluation, Evaluator, ReportOf, TrainError};
use super::cores::Cores;
use crate::data::Dataset;
use crate::loss::Loss;
use crate::metrics::{Measured, Metric};
use crate::network::{Parameters, PredictAs};

/// Validation data that has been checked, and the memory of evaluations.
pub(super) struct Validation<'d, P: Parameters, Target, const BATCH: usize> {
    data: Dataset<'d, P::Input, Target>,
    /// The sums of the samples' weights, for each output.
    weights: Weights<P>,
    evaluator: Box<Evaluator<P, BATCH>>,
}

impl<'d, P: Parameters, Target, const BATCH: usize> Validation<'d, P, Target, BATCH> {
    /// Checks the data.
    pub fn new(
        data: Dataset<'d, P::Input, Target>,
        loss: &impl Loss<Target, P::Output, P::Scalar>,
    ) -> Result<Self, TrainError> {
        let weights = check::<P, _, _, _>(&data, loss).map_err(|refused| TrainError::in_validation(None, refused))?;
        Ok(Self { data, weights, evaluator: Evaluator::boxed() })
    }

    /// The evaluation of the network after an epoch, and what the metrics find.
    pub fn run<L, M>(
        &mut self,
        cores: &Cores<P, BATCH>,
        network: &(impl PredictAs<P> + Sync),
        loss: &L,
        metrics: &M,
        epoch: usize,
    ) -> Result<(Evaluation<ReportOf<P>>, Vec<Measured>), TrainError>
    where
        L: Loss<Target, P::Output, P::Scalar> + Sync,
        M: Metric<Target, P::Output, P::Scalar> + Sync,
        Target: Sync,
    {
        let Self { data, weights, evaluator } = self;
        let scored = cores.score(evaluator, network, loss, metrics, data, weights);
        let (evaluation, state) = scored.map_err(|refused| TrainError::in_validation(Some(epoch), refused))?;
        Ok((evaluation, measured::<Target, P, M>(metrics, &state)))
    }

    /// The evaluation of the first tile and what the metrics find of it, which shows what is measured.
    pub fn try_out<L, M>(
        &mut self,
        network: &impl PredictAs<P>,
        loss: &L,
        metrics: &M,
    ) -> Result<(Evaluation<ReportOf<P>>, Vec<Measured>), TrainError>
    where
        L: Loss<Target, P::Output, P::Scalar>,
        M: Metric<Target, P::Output, P::Scalar>,
    {
        let in_validation = |refused: Refused| TrainError::in_validation(None, refused);
        let samples = self.data.len().min(BATCH);
        let score = self.evaluator.score_part(network, loss, metrics, &self.data, 0..samples).map_err(in_validation)?;
        let (evaluation, state) = score.evaluation::<P>(samples, &self.weights);
        Ok((evaluation, measured::<Target, P, M>(metrics, &state)))
    }
}

/// The numbers of some metrics.
pub(super) fn measured<Target, P: Parameters, M>(metrics: &M, state: &M::State) -> Vec<Measured>
where
    M: Metric<Target, P::Output, P::Scalar>,
{
    let mut found = Vec::new();
    metrics.report(state, &mut |measured| found.push(measured));
    found
}
