//! The optimizers: PyTorch's formulas and defaults, each one fused pass over flat slices.
//!
//! A network is one slice of scalars, and so are its gradient and each network of the optimizer state: an optimizer sees
//! no layers. Settings are public fields, so a loop changes the learning rate between two steps by assigning `lr`; the usual
//! [schedules](crate::schedule) compute it.
//!
//! Moments and velocities of parameters that no longer have a gradient, those of a dead unit say, decay, and stop before they are
//! subnormal numbers. In PyTorch they become such, unless `torch.set_flush_denormal` is asked for; with them, a step of
//! 784-128-64-10 took ten times as long.
//!
//! Nothing that is not finite passes: an update checks the options, the network and the gradient first and changes nothing if it
//! refuses them, then the parameters and the optimizer state. PyTorch lets a square overflow, after which the parameter never moves.

mod adagrad;
mod adam;
mod clip;
mod error;
mod groups;
mod lion;
mod nadam;
mod rms_prop;
mod sgd;
mod update;

pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use clip::{clip_norm, clip_value};
pub use error::StepError;
pub use groups::{GroupError, Groups};
pub use lion::Lion;
pub use nadam::NAdam;
pub use rms_prop::{RmsProp, RmsPropMomentum};
pub use sgd::{Sgd, SgdMomentum};
pub use update::update;
pub(crate) use update::{Checked, Update, check_gradient, find_before};
#[cfg(feature = "threads")]
pub(crate) use update::{UpdateRange, check_network, check_updated, slices_of};

use bytemuck::Pod;

use crate::OptionError;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A rule by which a gradient changes parameters of type `T`.
///
/// ```
/// use nn_runtime::bytemuck::Pod;
/// use nn_runtime::kernels::Isa;
/// use nn_runtime::prelude::*;
/// use nn_runtime::scalar::Scalar;
///
/// /// Signum (Bernstein et al., 2018): a step of one length in the direction of the velocity's sign.
/// struct Signum {
///     lr: f64,
///     momentum: f64,
/// }
///
/// impl<T: Scalar> Optimizer<T> for Signum {
///     /// The velocity.
///     type State<N: Pod> = [N; 1];
///
///     fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
///         core::iter::once(&mut self.lr)
///     }
///
///     fn update<I: Isa>(
///         &self,
///         isa: I,
///         _step: u64,
///         _position: usize,
///         parameters: &mut [T],
///         gradient: &[T],
///         state: &mut [&mut [T]],
///     ) {
///         let (lr, momentum) = (T::from_f64(self.lr), T::from_f64(self.momentum));
///         let velocity = &mut *state[0];
///         for ((parameter, velocity), &gradient) in parameters.iter_mut().zip(velocity).zip(gradient) {
///             *velocity = isa.mul_add(momentum, *velocity - gradient, gradient);
///             *parameter -= lr.copysign(*velocity);
///         }
///     }
/// }
///
/// network! { struct Line: [1] -> [1] { linear(1) } }
///
/// let (inputs, targets) = ([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]);
/// let mut network = Line::new(&mut rng(0));
/// let mut training = Training::<Line, Signum, 4>::ZERO;
/// for _ in 0..2000 {
///     training.step(&mut network, &Signum { lr: 3e-3, momentum: 0.9 }, &Mse, &inputs, &targets)?;
/// }
/// assert!((network.linear1.weight[0] - 2.0).abs() < 0.05);
/// # Ok::<(), TrainError>(())
/// ```
///
/// A loop that is compiled for the machine's own instructions stands in a [`Kernel`](crate::kernels::Kernel) and is run by [`Isa::call`].
#[diagnostic::on_unimplemented(message = "`{Self}` is not an optimizer of parameters of type `{T}`")]
pub trait Optimizer<T: Scalar> {
    /// The optimizer state, kept from step to step, as networks whose entries belong to the parameters: `[N; 0]` for nothing,
    /// `[N; 2]` for two moments, at most four. It is zeros before the first step.
    type State<N: Pod>: Pod;

    /// The name of each network of [`State`](Self::State), as in the `state_dict` of PyTorch's optimizer. Only saving needs it.
    const STATE_NAMES: &'static [&'static str] = &[];

    /// Whether the gradient is squared. Then a gradient whose square is infinite is refused: in `f32`, one above 1.8e19.
    const SQUARES: bool = false;

    /// The learning rates: one, or with [`Groups`] one for each group, always in the same order. A trainer reads them and
    /// changes them by a [schedule](crate::schedule), each from its initial value:
    ///
    /// ```
    /// use nn_runtime::prelude::*;
    ///
    /// /// Sets the learning rates of the next update; `initial` is the optimizer before the first.
    /// fn set_learning_rates<N: Network, O: Optimizer<N::Scalar>>(
    ///     optimizer: &mut O,
    ///     initial: &mut O,
    ///     schedule: &dyn Schedule,
    ///     now: Moment,
    /// ) {
    ///     for (lr, initial) in optimizer.learning_rates().zip(initial.learning_rates()) {
    ///         *lr = schedule.lr(*initial, now);
    ///     }
    /// }
    /// ```
    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64>;

    /// Says what is wrong with the optimizer's options, if something is. Asked before every update, as a schedule may change
    /// them.
    ///
    /// # Errors
    ///
    /// The first option that is out of its range; PyTorch's ranges, and never NaN or infinite. An optimizer that does not
    /// implement this takes any.
    fn check_options(&self) -> Result<(), OptionError> {
        Ok(())
    }

    /// Changes some of the trained parameters, which follow each other in the network's flat slice. A step calls this for one range after
    /// another, of at most 16,384 parameters: a long tensor comes in several calls, which may be on several threads. How
    /// it is split depends on the number of threads, so a parameter must not be changed by what another one is.
    ///
    /// `gradient` and each slice of `state`, one for each network of [`State`](Self::State), belong to the same parameters and have their length.
    /// `position` is the place of the first parameter in the flat slice; `step` counts the steps from 1.
    fn update<I: Isa>(
        &self,
        isa: I,
        step: u64,
        position: usize,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut [&mut [T]],
    );
}

/// A network or an optimizer state as a flat slice; empty if it is not made of `T`.
#[must_use]
pub(crate) fn scalars_mut<T: Scalar, N: Pod>(network: &mut N) -> &mut [T] {
    bytemuck::try_cast_slice_mut(bytemuck::bytes_of_mut(network)).unwrap_or_default()
}

/// The value; 0 if it is smaller than 2^-125, or in `f64` 2^-992. Larger ones change by no more than that.
///
/// Nine tenths of the smallest subnormal number are rounded to itself: what decays would else stay among those.
#[inline(always)]
fn flush_to_zero<T: Scalar>(value: T) -> T {
    let shift = T::MIN_POSITIVE * T::from_f64((8_u64 << T::FRACTION_BITS) as f64);
    (value + shift) - shift
}

/// The `eps` of a division by a root of squares: at least the root of the smallest square that is not flushed to 0. So an `eps`
/// of 0 makes no 0 / 0 of a gradient of 0, whose parameter stays, and no infinity of one whose square is 0.
fn divisor<T: Scalar>(eps: f64) -> T {
    let (eps, least) = (T::from_f64(eps), T::MIN_POSITIVE.sqrt());
    if eps < least { least } else { eps }
}

/// `base^exponent`, by squaring.
pub(crate) fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut product = 1.0;
    while exponent > 0 {
        if exponent % 2 == 1 {
            product *= base;
        }
        base *= base;
        exponent /= 2;
    }
    product
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests;
