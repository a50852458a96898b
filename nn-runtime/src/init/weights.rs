//! All weights of a network, or of a stage, at once.

use rand_core::Rng;

use super::fans::{Fan, Fans, Nonlinearity, bound};
use super::orthogonal::orthogonal_columns;
use super::{Interval, Normal, constant, normal, uniform};
use crate::network::stages::range_of;
use crate::network::{LayerInfo, Network, StageError, Tensor};
use crate::scalar::Scalar;

/// An initialisation by name, for [`weights`] and [`stage_weights`]; PyTorch's functions of `torch.nn.init`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initialisation {
    /// Evenly from an interval.
    Uniform(Interval),
    /// From a normal distribution.
    Normal(Normal),
    /// Evenly, with a variance of `gain² · 2 / (fan_in + fan_out)`.
    XavierUniform {
        /// What the standard deviation is multiplied with; see [`Nonlinearity::gain`].
        gain: f64,
    },
    /// From a normal distribution with a variance of `gain² · 2 / (fan_in + fan_out)`.
    XavierNormal {
        /// What the standard deviation is multiplied with; see [`Nonlinearity::gain`].
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
/// of normalisations, stay as they are, and so do frozen parameters and those of your own layers.
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
/// init::weights(&mut net, Initialisation::KaimingNormal(Fan::Out, Nonlinearity::Relu), &mut rng);
/// init::stage_weights(&mut net, "out", Initialisation::Zeros, &mut rng)?;
/// assert_eq!(net.out.weight.max(), 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn weights<N, R: Rng + ?Sized, const IN: usize, const OUT: usize>(
    network: &mut N,
    initialisation: Initialisation,
    rng: &mut R,
) where
    N: Network<IN, OUT>,
{
    draw_layers(network.as_mut_slice(), N::LAYERS, &|_| true, initialisation, rng);
}

/// Draws every [weight](weights) of a stage and of those below it: `block` for `block.fc1` and `block.fc2`.
///
/// # Errors
/// A name that the network has not, or that names nothing to be trained.
pub fn stage_weights<N, R: Rng + ?Sized, const IN: usize, const OUT: usize>(
    network: &mut N,
    stage: &'static str,
    initialisation: Initialisation,
    rng: &mut R,
) -> Result<(), StageError>
where
    N: Network<IN, OUT>,
{
    let range = range_of(N::LAYERS, stage)?;
    draw_layers(network.as_mut_slice(), N::LAYERS, &|row| range.contains(&row.start), initialisation, rng);
    Ok(())
}

/// Draws the weights of those rows of a table that are meant. `values` are the parameters of the whole table.
fn draw_layers<T: Scalar, R: Rng + ?Sized>(
    values: &mut [T],
    layers: &[LayerInfo],
    is_meant: &dyn Fn(&LayerInfo) -> bool,
    initialisation: Initialisation,
    rng: &mut R,
) {
    for row in layers.iter().filter(|row| !row.is_frozen && is_meant(row)) {
        let own = values.get_mut(row.start..).and_then(|rest| rest.get_mut(..row.parameters + row.state));
        let Some(mut own) = own else { continue };
        draw_layers(own, row.inner, &|_| true, initialisation, rng);
        for tensor in row.tensors {
            let Some((parameter, rest)) = own.split_at_mut_checked(tensor.len()) else { break };
            if tensor.shape.len() > 1 && !tensor.is_state {
                initialisation.draw(parameter, tensor, rng);
            }
            own = rest;
        }
    }
}

impl Initialisation {
    fn draw<T: Scalar, R: Rng + ?Sized>(self, values: &mut [T], tensor: &Tensor, rng: &mut R) {
        let fans = Fans::of_shape(tensor.shape);
        match self {
            Self::Uniform(interval) => uniform(values, interval, rng),
            Self::Normal(distribution) => normal(values, distribution, rng),
            Self::XavierUniform { gain } => uniform(values, bound(fans.xavier_std(gain)), rng),
            Self::XavierNormal { gain } => normal(values, fans.xavier_std(gain), rng),
            Self::KaimingUniform(fan, nonlinearity) => {
                uniform(values, bound(fans.kaiming_std(fan, nonlinearity)), rng);
            }
            Self::KaimingNormal(fan, nonlinearity) => normal(values, fans.kaiming_std(fan, nonlinearity), rng),
            Self::Orthogonal { gain } => {
                let rows = tensor.shape.first().copied().unwrap_or_default();
                let column = if tensor.is_row_major { tensor.len() / rows.max(1) } else { rows };
                orthogonal_columns(values, column, gain, rng);
            }
            Self::Constant(value) => constant(values, value),
            Self::Zeros => constant(values, 0.0),
        }
    }
}
