//! The update of a network by its gradient, and the checks before and after it.

use core::ops::Range;

use bytemuck::Pod;

use super::{Optimizer, StepError, flush_to_zero, scalars_mut};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::network::small::enter;
use crate::network::{Parameters, Place, Run};
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
        let Self { network, frozen, gradient, optimizer, state, step } = self;
        check_network(isa, network, frozen)?;
        check_gradient(isa, network, frozen, gradient, O::SQUARES)?;
        let (parameters, gradient) = (network.as_mut_slice(), gradient.as_slice());
        let is_finite = if const { is_one_block(N::RUNS) } {
            let state = slices_of::<N, O, T>(state);
            Block { optimizer, step, is_trained: true, parameters, gradient, state }.update(isa, 0)
        } else {
            let mut is_finite = true;
            for run in N::RUNS {
                let (mut start, end) = (run.start, run.start + run.len);
                while start < end {
                    let range = start..end.min(start + BLOCK);
                    start = range.end;
                    let (Some(parameters), Some(gradient)) =
                        (parameters.get_mut(range.clone()), gradient.get(range.clone()))
                    else {
                        break;
                    };
                    let state = slices_of::<N, O, T>(state).into_part(range.clone());
                    let block = Block { optimizer, step, is_trained: run.is_trained, parameters, gradient, state };
                    is_finite &= block.update(isa, range.start);
                }
            }
            is_finite
        };
        if is_finite { Ok(()) } else { check_updated::<N, O::State<N>>(network, state) }
    }
}

/// Whether a network is one block of trained parameters: then its sizes are known to the compiler, which matters for a tiny one.
const fn is_one_block(runs: &[Run]) -> bool {
    matches!(runs, [Run { is_trained: true, len: ..=BLOCK, .. }])
}

/// Parameters of one run that are updated, and then checked, while they and their optimizer state are still in a cache.
struct Block<'a, O, T> {
    optimizer: Checked<'a, O>,
    step: u64,
    is_trained: bool,
    parameters: &'a mut [T],
    gradient: &'a [T],
    state: Slices<'a, T>,
}

impl<O: Optimizer<T>, T: Scalar> Block<'_, O, T> {
    /// The update, of parameters from this position of the flat slice on; whether they and their state are finite afterwards.
    #[inline(always)]
    fn update<I: Isa>(self, isa: I, position: usize) -> bool {
        let Self { optimizer: Checked(optimizer), step, is_trained, parameters, gradient, mut state } = self;
        if is_trained {
            optimizer.update(isa, step, position, parameters, gradient, state.as_mut());
        } else {
            for (statistic, &change) in parameters.iter_mut().zip(gradient) {
                *statistic = flush_to_zero(*statistic + change);
            }
        }
        isa.call_in_place(Updated { parameters, state })
    }
}

/// How many networks an optimizer state has at most.
const MOST_NETWORKS: usize = 4;

/// The values of an optimizer state that belong to some parameters: a slice of each of its networks.
#[derive(Debug)]
pub(crate) struct Slices<'a, T> {
    slices: [&'a mut [T]; MOST_NETWORKS],
    len: usize,
}

impl<'a, T> Slices<'a, T> {
    /// Slices of `len` values that follow each other, at most [`MOST_NETWORKS`]. No loops: for a tiny network all of it is known.
    #[inline(always)]
    fn following(values: &'a mut [T], len: usize, count: usize) -> Self {
        let (first, values) = values.split_at_mut_checked(len).unwrap_or_default();
        let (second, values) = values.split_at_mut_checked(len).unwrap_or_default();
        let (third, values) = values.split_at_mut_checked(len).unwrap_or_default();
        let (fourth, _) = values.split_at_mut_checked(len).unwrap_or_default();
        Self { slices: [first, second, third, fourth], len: count }
    }

    #[inline(always)]
    pub(crate) fn as_mut(&mut self) -> &mut [&'a mut [T]] {
        self.slices.get_mut(..self.len).unwrap_or_default()
    }

    /// The values at a range of the positions.
    #[inline(always)]
    fn into_part(self, range: Range<usize>) -> Self {
        let [first, second, third, fourth] = self.slices;
        // not `map`, which is a loop
        let slices = [
            first.get_mut(range.clone()).unwrap_or_default(),
            second.get_mut(range.clone()).unwrap_or_default(),
            third.get_mut(range.clone()).unwrap_or_default(),
            fourth.get_mut(range).unwrap_or_default(),
        ];
        Self { slices, len: self.len }
    }

    /// The values at a range of the positions.
    #[cfg(feature = "threads")]
    fn part(&mut self, range: Range<usize>) -> Slices<'_, T> {
        part(self.as_mut(), range)
    }

    /// The values of the first `len` parameters; the others stay.
    #[cfg(feature = "threads")]
    pub(crate) fn split_off(&mut self, len: usize) -> Self {
        let [first, second, third, fourth] = &mut self.slices;
        let slices = [first, second, third, fourth].map(|slice| slice.split_off_mut(..len).unwrap_or_default());
        Self { slices, len: self.len }
    }
}

/// The values at a range of the positions, for an optimizer that calls others.
#[inline(always)]
pub(super) fn part<'s, T>(state: &'s mut [&mut [T]], range: Range<usize>) -> Slices<'s, T> {
    let (len, mut slices) = (state.len(), state.iter_mut());
    let mut next = || slices.next().and_then(|slice| slice.get_mut(range.clone())).unwrap_or_default();
    Slices { slices: [next(), next(), next(), next()], len: len.min(MOST_NETWORKS) }
}

/// The state of an optimizer as slices.
#[inline(always)]
pub(crate) fn slices_of<N: Parameters, O: Optimizer<T>, T: Scalar>(state: &mut O::State<N>) -> Slices<'_, T> {
    const {
        let is_small = size_of::<O::State<N>>() <= MOST_NETWORKS * size_of::<N>();
        assert!(is_small, "the state of an optimizer has at most four networks");
    }
    let count = size_of::<O::State<N>>().checked_div(size_of::<N>()).unwrap_or(0);
    Slices::following(scalars_mut(state), size_of::<N>() / size_of::<T>(), count)
}

/// The update of a thread: of the parameters from a position of the flat slice on, and of what belongs to them; whether they and their state are finite
/// afterwards. It may be `false` for finite values whose sum overflows.
#[cfg(feature = "threads")]
pub(crate) struct UpdateRange<'a, O, T> {
    pub(crate) optimizer: Checked<'a, O>,
    pub(crate) step: u64,
    /// The runs of the whole flat slice.
    pub(crate) runs: &'static [Run],
    pub(crate) start: usize,
    pub(crate) parameters: &'a mut [T],
    pub(crate) gradient: &'a [T],
    pub(crate) state: Slices<'a, T>,
}

#[cfg(feature = "threads")]
impl<O: Optimizer<T>, T: Scalar> Kernel for UpdateRange<'_, O, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let Self { optimizer, step, runs, start, parameters, gradient, mut state } = self;
        let mut is_finite = true;
        for run in runs {
            let (first, end) = (run.start.max(start), (run.start + run.len).min(start + parameters.len()));
            let mut position = first;
            while position < end {
                let range = position - start..end.min(position + BLOCK) - start;
                let (Some(parameters), Some(gradient)) =
                    (parameters.get_mut(range.clone()), gradient.get(range.clone()))
                else {
                    break;
                };
                let state = state.part(range.clone());
                let block = Block { optimizer, step, is_trained: run.is_trained, parameters, gradient, state };
                is_finite &= block.update(isa, position);
                position = start + range.end;
            }
        }
        is_finite
    }
}

/// How many parameters are updated before they are checked, while they and their optimizer state are still in a cache.
const BLOCK: usize = 1 << 14;

/// Whether parameters, and what belongs to them in the optimizer state, are finite. May return `false` for finite
/// values whose sum overflows.
struct Updated<'a, T> {
    parameters: &'a [T],
    state: Slices<'a, T>,
}

impl<T: Scalar> Kernel for Updated<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) -> bool {
        let Self { parameters, state: Slices { slices: [first, second, third, fourth], .. } } = self;
        are_finite(parameters) & are_finite(first) & are_finite(second) & are_finite(third) & are_finite(fourth)
    }
}

/// The first value of the parameters or the optimizer state that is not finite.
#[cold]
#[inline(never)]
pub(crate) fn check_updated<N: Parameters, S: Pod>(network: &N, state: &mut S) -> Result<(), StepError> {
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
pub(crate) fn check_network<I: Isa, N: Parameters, F: Pod>(isa: I, network: &N, frozen: &F) -> Result<(), StepError> {
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

/// The gradient that was the first not to be finite, or with `squares` not to have a finite square; or the value of the network, or
/// of its frozen parameters, that caused it.
#[cold]
#[inline(never)]
fn find_in_gradient<N: Parameters, F: Pod>(
    network: &N,
    frozen: &F,
    gradient: &N,
    squares: bool,
) -> Result<(), StepError> {
    let mut refused = None;
    'runs: for run in N::RUNS {
        let values = gradient.as_slice().get(run.start..run.start + run.len).unwrap_or_default();
        for (position, &value) in (run.start..).zip(values) {
            let is_squared = squares && run.is_trained;
            if is_not_finite(if is_squared { value * value } else { value }) {
                refused = Some((position, value.to_f64()));
                // the forward pass changes running statistics from the first stage to the last, and runs before the backward pass,
                // which computes gradients from the last stage to the first
                if !run.is_trained {
                    break 'runs;
                }
            }
        }
    }
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
