//! All weights of a network, or of a stage, at once.

use rand_core::Rng;

use super::fans::{Fan, Fans, Nonlinearity, bound};
use super::orthogonal::{check_gain, orthogonal_columns};
use super::{InitError, Interval, Normal, constant, draw};
use crate::OptionError;
use crate::network::stages::range_of;
use crate::network::{LayerInfo, NamedTensor, Trainable, tensors};
use crate::scalar::Scalar;

/// An initialisation by name, for [`weights`] and [`stage_weights`]; PyTorch's functions of `torch.nn.init`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Initialisation {
    /// Evenly from an interval.
    Uniform(Interval),
    /// From a normal distribution.
    Normal(Normal),
    /// Evenly, with a variance of `gain² · 2 / (fan_in + fan_out)`.
    XavierUniform {
        /// Factor on the standard deviation; see [`Nonlinearity::gain`].
        gain: f64,
    },
    /// From a normal distribution with a variance of `gain² · 2 / (fan_in + fan_out)`.
    XavierNormal {
        /// Factor on the standard deviation; see [`Nonlinearity::gain`].
        gain: f64,
    },
    /// Evenly, with a variance of `gain² / fan`.
    KaimingUniform(Fan, Nonlinearity),
    /// From a normal distribution with a variance of `gain² / fan`.
    KaimingNormal(Fan, Nonlinearity),
    /// Columns or rows that are orthogonal; of a convolution, those of the matrix that has a row for each output channel.
    Orthogonal {
        /// The length of the columns or rows.
        gain: f64,
    },
    /// One value.
    Constant(f64),
    /// Zeros.
    Zeros,
}

/// Draws every weight of a network anew: its parameters of two dimensions and more in PyTorch. All others, biases and those
/// of normalisations, stay as they are, and so do frozen parameters. A layer of your own takes part with the
/// [tensors](crate::network::LayerParameters::TENSORS) that it names.
///
/// ```
/// use nn_runtime::init::{Fan, Initialisation, Nonlinearity};
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Net: [1, 8, 8] -> [3] {
///         conv: conv2d(4, kernel_size = 3), relu,
///         flatten,
///         out: linear(3),
///     }
/// }
///
/// let mut rng = rng(0);
/// let mut net = Net::new(&mut rng);
/// init::weights(&mut net, Initialisation::KaimingNormal(Fan::Out, Nonlinearity::Relu), &mut rng)?;
/// init::stage_weights(&mut net, "out", Initialisation::Zeros, &mut rng)?;
/// assert_eq!(net.out.weight.max(), 0.0);
/// # Ok::<(), init::InitError>(())
/// ```
///
/// # Errors
///
/// A number of the initialisation that is out of its range, as that of its function; the network is as it was.
pub fn weights<N, R: Rng + ?Sized>(
    network: &mut N,
    initialisation: Initialisation,
    rng: &mut R,
) -> Result<(), OptionError>
where
    N: Trainable,
{
    initialisation.check::<N::Scalar>()?;
    draw_weights(network.as_mut_slice(), N::LAYERS, |_| true, initialisation, rng);
    Ok(())
}

/// Draws every [weight](weights) of a stage and of those below it: `block` for `block.fc1` and `block.fc2`.
///
/// # Errors
///
/// An unknown stage, a stage without trained parameters, or an error of [`weights`]. The network is as it was.
pub fn stage_weights<N, R: Rng + ?Sized>(
    network: &mut N,
    stage: &'static str,
    initialisation: Initialisation,
    rng: &mut R,
) -> Result<(), InitError>
where
    N: Trainable,
{
    initialisation.check::<N::Scalar>()?;
    range_of(N::LAYERS, stage)?;
    draw_weights(network.as_mut_slice(), N::LAYERS, |tensor| tensor.name().is_of(stage), initialisation, rng);
    Ok(())
}

/// Draws those weights that are meant.
fn draw_weights<T: Scalar, R: Rng + ?Sized>(
    values: &mut [T],
    layers: &'static [LayerInfo],
    is_meant: impl Fn(&NamedTensor) -> bool,
    initialisation: Initialisation,
    rng: &mut R,
) {
    let is_weight = |tensor: &NamedTensor| tensor.shape().len() > 1 && !tensor.is_state() && !tensor.is_frozen();
    for tensor in tensors(layers).filter(|tensor| is_weight(tensor) && is_meant(tensor)) {
        let weight = values.get_mut(tensor.start()..).and_then(|rest| rest.get_mut(..tensor.len()));
        initialisation.draw(weight.unwrap_or_default(), &tensor, rng);
    }
}

impl Initialisation {
    /// That all numbers drawn are finite in type `T`: no standard deviation is larger than that of a weight with one input and one
    /// output.
    pub(super) fn check<T: Scalar>(self) -> Result<(), OptionError> {
        match self {
            Self::Uniform(interval) => interval.check::<T>(),
            Self::Normal(normal) => normal.check::<T>(),
            Self::XavierUniform { gain } => {
                OptionError::check_not_negative::<f64>("xavier_uniform", "gain", gain)?;
                Interval::from(bound(gain)).check::<T>()
            }
            Self::XavierNormal { gain } => {
                OptionError::check_not_negative::<f64>("xavier_normal", "gain", gain)?;
                Normal::from(gain).check::<T>()
            }
            Self::KaimingUniform(_, nonlinearity) | Self::KaimingNormal(_, nonlinearity) => nonlinearity.check(),
            Self::Orthogonal { gain } => check_gain::<T>(gain),
            Self::Constant(_) | Self::Zeros => Ok(()),
        }
    }

    fn draw<T: Scalar, R: Rng + ?Sized>(self, values: &mut [T], tensor: &NamedTensor, rng: &mut R) {
        let fans = Fans::of_shape(tensor.shape());
        match self {
            Self::Uniform(interval) => draw::uniform(values, interval, rng),
            Self::Normal(distribution) => draw::normal(values, distribution, rng),
            Self::XavierUniform { gain } => draw::uniform(values, bound(fans.xavier_std(gain)), rng),
            Self::XavierNormal { gain } => draw::normal(values, fans.xavier_std(gain), rng),
            Self::KaimingUniform(fan, nonlinearity) => {
                draw::uniform(values, bound(fans.kaiming_std(fan, nonlinearity)), rng);
            }
            Self::KaimingNormal(fan, nonlinearity) => draw::normal(values, fans.kaiming_std(fan, nonlinearity), rng),
            Self::Orthogonal { gain } => {
                let rows = tensor.shape().first().copied().unwrap_or_default();
                let column = if tensor.is_row_major() { tensor.len() / rows.max(1) } else { rows };
                orthogonal_columns(values, column, gain, rng);
            }
            Self::Constant(value) => constant(values, value),
            Self::Zeros => constant(values, 0.0),
        }
    }
}
