//! The optimizers: PyTorch's formulas and defaults, each one fused pass over flat slices.
//!
//! A network is one slice of scalars, and so are its gradient and what an optimizer remembers of each parameter: it sees
//! no layers. Settings are public fields, so a schedule changes the learning rate between two steps by assigning `lr`.

mod adam;
mod clip;
mod sgd;

pub use adam::{Adam, AdamW};
pub use clip::clip_norm;
pub use sgd::{Sgd, SgdMomentum};

use core::ops::Range;

use bytemuck::Pod;

use crate::kernels::{Isa, Kernel, dispatch};
use crate::network::Network;
use crate::scalar::Scalar;

/// A rule by which a gradient changes parameters of type `T`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an optimizer of parameters of type `{T}`")]
pub trait Optimizer<T: Scalar> {
    /// What is remembered from step to step, as networks whose entries belong to the parameters: `[N; 0]` for nothing,
    /// `[N; 2]` for two moments. It is zeros before the first step.
    type State<N: Pod>: Pod;

    /// Changes the parameters that lie in `run`.
    ///
    /// `parameters`, `gradient` and each network of `state` (see [`scalars_mut`]) are whole flat slices, of one length.
    /// `step` counts the steps from 1.
    fn update<I: Isa, N: Pod>(
        &self,
        isa: I,
        step: u64,
        run: Range<usize>,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut Self::State<N>,
    );
}

/// A network as a flat slice, for optimizers; empty if it is not made of `T`.
#[must_use]
pub fn scalars_mut<T: Scalar, N: Pod>(network: &mut N) -> &mut [T] {
    bytemuck::try_cast_slice_mut(bytemuck::bytes_of_mut(network)).unwrap_or_default()
}

/// Changes a network's parameters by the optimizer's rule, and its running statistics by their gradient, which is their
/// change.
///
/// `step` counts the steps from 1.
pub fn update<N, O, const IN: usize, const OUT: usize>(
    network: &mut N,
    gradient: &N,
    optimizer: &O,
    state: &mut O::State<N>,
    step: u64,
) where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    dispatch(Update { network, gradient, optimizer, state, step });
}

pub(crate) struct Update<'a, N: Pod, O: Optimizer<T>, T: Scalar, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT, Scalar = T>,
{
    pub(crate) network: &'a mut N,
    pub(crate) gradient: &'a N,
    pub(crate) optimizer: &'a O,
    pub(crate) state: &'a mut O::State<N>,
    pub(crate) step: u64,
}

impl<N, O, T: Scalar, const IN: usize, const OUT: usize> Kernel for Update<'_, N, O, T, IN, OUT>
where
    N: Network<IN, OUT, Scalar = T>,
    O: Optimizer<T>,
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let (parameters, gradient) = (self.network.as_mut_slice(), self.gradient.as_slice());
        for run in N::RUNS {
            let range = run.start..run.start + run.len;
            if run.is_trained {
                self.optimizer.update(isa, self.step, range, parameters, gradient, self.state);
            } else if let (Some(statistics), Some(change)) = (parameters.get_mut(range.clone()), gradient.get(range)) {
                for (statistic, &change) in statistics.iter_mut().zip(change) {
                    *statistic += change;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests;
