//! The update of a network by its gradient, and the checks before and after it.

use core::ops::Range;

use bytemuck::Pod;

use super::{Optimizer, StepError, flush_to_zero, scalars_mut};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::network::small::enter;
use crate::network::{Parameters, Place};
use crate::scalar::{IsFinite, Scalar, are_finite, find};

/// An optimizer whose options have been checked, which is all that an [`Update`] takes.
#[derive(Debug)]
pub(crate) struct Checked<'a, O>(&'a O);

impl<O> Clone for Checked<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Checked<'_, O> {}

impl<'a, O> Checked<'a, O> {
    /// Checks the options of an optimizer of parameters of type `T`.
    #[inline(always)]
    pub(crate) fn new<T: Scalar>(optimizer: &'a O) -> Result<Self, OptionError>
    where
        O: Optimizer<T>,
    {
        optimizer.check_options()?;
        Ok(Self(optimizer))
    }
}

/// Changes a network's parameters by the optimizer's rule, and its running statistics by their gradient, which is their
/// change.
///
/// `step` counts the steps from 1.
///
/// # Errors
///
/// Before anything changes: an invalid option, a network or a gradient that is not finite, or a gradient whose square is not, for
/// an optimizer that [squares](Optimizer::SQUARES) it. After the update: a parameter or an optimizer state that is not finite.
pub fn update<N, O>(
    network: &mut N,
    gradient: &N,
    optimizer: &O,
    state: &mut O::State<N>,
    step: u64,
) -> Result<(), StepError>
where
    N: Parameters,
    O: Optimizer<N::Scalar>,
{
    let optimizer = Checked::new::<N::Scalar>(optimizer)?;
    enter::<N, _, 1>(Update { network, frozen: &(), gradient, optimizer, state, step })
}

/// The update; it checks the network and the gradient before, and the parameters and the optimizer state after. The frozen
/// parameters, or `()` where they are not known, are searched for what made a gradient that is not finite.
pub(crate) struct Update<'a, N: Pod, F, O: Optimizer<T>, T: Scalar>
where
    N: Parameters<Scalar = T>,
{
    pub(crate) network: &'a mut N,
    pub(crate) frozen: &'a F,
    pub(crate) gradient: &'a N,
    pub(crate) optimizer: Checked<'a, O>,
    pub(crate) state: &'a mut O::State<N>,
    pub(crate) step: u64,
}

impl<N, F: Pod, O, T: Scalar> Kernel for Update<'_, N, F, O, T>
where
    N: Parameters<Scalar = T>,
    O: Optimizer<T>,
{
    type Output = Result<(), StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Result<(), StepError> {
        let Self { network, frozen, gradient, optimizer: Checked(optimizer), state, step } = self;
        check_network(isa, network, frozen)?;
        check_gradient(isa, network, frozen, gradient, O::SQUARES)?;
        let (parameters, gradient) = (network.as_mut_slice(), gradient.as_slice());
        let mut is_finite = true;
        for run in N::RUNS {
            let (mut start, end) = (run.start, run.start + run.len);
            while start < end {
                let range = start..end.min(start + BLOCK);
                start = range.end;
                if run.is_trained {
                    optimizer.update(isa, step, range.clone(), parameters, gradient, state);
                } else if let (Some(statistics), Some(change)) =
                    (parameters.get_mut(range.clone()), gradient.get(range.clone()))
                {
                    for (statistic, &change) in statistics.iter_mut().zip(change) {
                        *statistic = flush_to_zero(*statistic + change);
                    }
                }
                is_finite &= isa.call_in_place(Updated { parameters, state: scalars_mut(state), range });
            }
        }
        if is_finite { Ok(()) } else { check_updated::<N, O::State<N>>(network, state) }
    }
}

/// How many parameters are updated before they are checked, while they and their optimizer state are still in a cache.
const BLOCK: usize = 1 << 14;

/// Whether a range of the parameters, and of the optimizer state, is finite. May return `false` for finite
/// values whose sum overflows.
struct Updated<'a, T> {
    parameters: &'a [T],
    state: &'a [T],
    range: Range<usize>,
}

impl<T: Scalar> Kernel for Updated<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) -> bool {
        let Self { parameters, state, range } = self;
        let mut is_finite = are_finite(parameters.get(range.clone()).unwrap_or_default());
        for values in state.chunks_exact(parameters.len().max(1)) {
            is_finite &= are_finite(values.get(range.clone()).unwrap_or_default());
        }
        is_finite
    }
}

/// The first value of the parameters or the optimizer state that is not finite.
#[cold]
#[inline(never)]
fn check_updated<N: Parameters, S: Pod>(network: &N, state: &mut S) -> Result<(), StepError> {
    let parameters = network.as_slice();
    if let Some((position, value)) = find(parameters, is_not_finite) {
        return Err(StepError::Parameter { place: Place::new(N::LAYERS, position), value });
    }
    match find(scalars_mut::<N::Scalar, S>(state), is_not_finite) {
        Some((position, value)) => {
            let position = position % parameters.len().max(1);
            Err(StepError::State { place: Place::new(N::LAYERS, position), value })
        }
        None => Ok(()),
    }
}

/// Checks that the network is finite. Loss and gradient do not show all of it: not running statistics, nor an infinite parameter
/// before a saturated activation, nor the rows of an embedding that no sample has.
#[inline(always)]
fn check_network<I: Isa, N: Parameters, F: Pod>(isa: I, network: &N, frozen: &F) -> Result<(), StepError> {
    let is_finite = isa.call_in_place(IsFinite { values: network.as_slice(), squares: false });
    if is_finite { Ok(()) } else { find_before(network, frozen).map_or(Ok(()), Err) }
}

/// Checks that a gradient is finite, and with `squares` the squares of the trained parameters' gradients too.
#[inline(always)]
pub(crate) fn check_gradient<I: Isa, N: Parameters, F: Pod>(
    isa: I,
    network: &N,
    frozen: &F,
    gradient: &N,
    squares: bool,
) -> Result<(), StepError> {
    let values = gradient.as_slice();
    let is_finite = isa.call_in_place(IsFinite { values, squares });
    if is_finite { Ok(()) } else { find_in_gradient(network, frozen, gradient, squares) }
}

/// The first gradient that is not finite, or with `squares` whose square is not; or the value of the network, or of its
/// frozen parameters, that caused it.
#[cold]
#[inline(never)]
fn find_in_gradient<N: Parameters, F: Pod>(
    network: &N,
    frozen: &F,
    gradient: &N,
    squares: bool,
) -> Result<(), StepError> {
    let refused = N::RUNS.iter().find_map(|run| {
        let is_squared = squares && run.is_trained;
        let is_refused = |value: N::Scalar| is_not_finite(if is_squared { value * value } else { value });
        find(gradient.as_slice().get(run.start..run.start + run.len).unwrap_or_default(), is_refused)
            .map(|(position, value)| (run.start + position, value))
    });
    let Some((position, value)) = refused else { return Ok(()) };
    Err(find_before(network, frozen).unwrap_or(StepError::Gradient { place: Place::new(N::LAYERS, position), value }))
}

/// The first value of a network, or of its frozen parameters, that is not finite. Distinguishes a network that was
/// already not finite from a step that diverged.
#[cold]
#[inline(never)]
pub(crate) fn find_before<N: Parameters, F: Pod>(network: &N, frozen: &F) -> Option<StepError> {
    let place = |position| Place::new(N::LAYERS, position);
    let frozen: &[N::Scalar] = bytemuck::try_cast_slice(bytemuck::bytes_of(frozen)).unwrap_or_default();
    let of_network = find(network.as_slice(), is_not_finite).map(|(position, value)| (place(position), value));
    let found =
        of_network.or_else(|| find(frozen, is_not_finite).map(|(position, value)| (place(position).frozen(), value)));
    found.map(|(place, value)| StepError::Before { place, value })
}

fn is_not_finite<T: Scalar>(value: T) -> bool {
    !value.to_f64().is_finite()
}
