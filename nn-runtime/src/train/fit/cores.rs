//! The cores of a run: one, or several with the feature `threads`.

use core::marker::PhantomData;

use super::super::error::Refused;
use super::super::samples::Weights;
use super::super::step::Backpropagation;
use super::super::{Evaluation, Evaluator, ReportOf, Training};
use crate::data::Dataset;
use crate::loss::Loss;
use crate::metrics::Metric;
use crate::network::small::enter;
use crate::network::{Parameters, PredictAs};
use crate::optim::{Checked, Optimizer, StepError};

/// The cores that compute the gradient: one, unless there are threads.
pub(super) struct Cores<P: Parameters, const BATCH: usize> {
    #[cfg(feature = "threads")]
    pub workers: Option<super::super::threads::Workers<P, BATCH>>,
    parameters: PhantomData<P>,
}

impl<P: Parameters, const BATCH: usize> Cores<P, BATCH> {
    /// One core.
    pub const fn one() -> Self {
        Self {
            #[cfg(feature = "threads")]
            workers: None,
            parameters: PhantomData,
        }
    }

    /// Whether there is one core alone.
    #[inline(always)]
    #[cfg_attr(not(feature = "threads"), expect(clippy::unused_self, reason = "there are no threads"))]
    pub const fn is_one(&self) -> bool {
        #[cfg(feature = "threads")]
        return self.workers.is_none();
        #[cfg(not(feature = "threads"))]
        return true;
    }

    /// Adds the gradient of some of the samples; the sums of their losses, for each output.
    pub fn backpropagate<L, Target>(&mut self, work: Backpropagation<P, L, Target, BATCH>) -> Weights<P>
    where
        L: Loss<Target, P::Output, P::Scalar> + Sync,
        Target: Sync,
    {
        #[cfg(feature = "threads")]
        if let Some(workers) = &mut self.workers {
            return workers.backpropagate(work);
        }
        enter::<P, _, BATCH>(work)
    }

    /// Changes the network by its gradient.
    pub fn update<O>(
        &self,
        training: &mut Training<P, O, BATCH>,
        network: &mut P,
        frozen: &P::Frozen,
        optimizer: Checked<O>,
    ) -> Result<(), StepError>
    where
        O: Optimizer<P::Scalar> + Sync,
    {
        #[cfg(feature = "threads")]
        if let Some(workers) = &self.workers {
            return workers.update(training, network, frozen, optimizer);
        }
        training.apply(network, frozen, optimizer)
    }

    /// The evaluation of a network on data that has been checked, and what a metric finds.
    pub fn score<L, M, Target>(
        &self,
        evaluator: &mut Evaluator<P, BATCH>,
        network: &(impl PredictAs<P> + Sync),
        loss: &L,
        metrics: &M,
        data: &Dataset<P::Input, Target>,
        weights: &Weights<P>,
    ) -> Result<(Evaluation<ReportOf<P>>, M::State), Refused>
    where
        L: Loss<Target, P::Output, P::Scalar> + Sync,
        M: Metric<Target, P::Output, P::Scalar> + Sync,
        Target: Sync,
    {
        #[cfg(feature = "threads")]
        if let Some(workers) = &self.workers {
            return workers.threads().score::<P, _, _, _, _, BATCH>(network, loss, metrics, data, weights);
        }
        evaluator.score(network, loss, metrics, data, *weights)
    }
}
