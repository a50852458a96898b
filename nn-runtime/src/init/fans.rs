//! Initialisations that keep the variance from layer to layer. Glorot and Bengio, 2010; He et al., 2015.

use nalgebra::SMatrix;
use rand_core::Rng;

use super::{Initialisation, draw};
use crate::OptionError;
use crate::scalar::Scalar;

/// How many inputs an output of a layer has, and how many outputs an input.
///
/// A weight has a row for each output and a column for each input, of a convolution for each input channel and tap of its
/// window. So `fan_in` is the number of columns, and `fan_out` the number of rows; of a convolution it is the number of
/// rows times the taps, which a matrix does not tell: [`taps`](Self::taps) does. An `embedding`'s weight has a row for each
/// feature and a column for each entry.
///
/// ```
/// use nn_runtime::init::Fans;
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [3, 8, 8] -> [6, 4, 4] { conv: conv2d(6, kernel_size = 5) } }
///
/// let mut rng = rng(0);
/// let mut net = Net::new(&mut rng);
/// let fans = Fans::of(&net.conv.weight).taps(5 * 5);
/// assert_eq!(fans, Fans { fan_in: 75.0, fan_out: 150.0 });
/// init::normal(&mut net.conv.weight, fans.xavier_std(1.0), &mut rng)?;
/// # Ok::<(), nn_runtime::OptionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fans {
    /// The number of inputs of an output.
    pub fan_in: f64,
    /// The number of outputs of an input.
    pub fan_out: f64,
}

/// Which variance is kept by [`kaiming_uniform`] and [`kaiming_normal`]. PyTorch's `mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fan {
    /// That of the values, from layer to layer forward. PyTorch's `fan_in`, its default.
    #[default]
    In,
    /// That of the gradients, from layer to layer backward. PyTorch's `fan_out`.
    Out,
}

/// What stands behind a layer, for its [`gain`](Self::gain). PyTorch's `nonlinearity`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Nonlinearity {
    /// Nothing.
    Linear,
    /// `sigmoid`
    Sigmoid,
    /// `tanh`
    Tanh,
    /// `relu`
    Relu,
    /// `leaky_relu`, with its `negative_slope`.
    LeakyRelu(f64),
    /// `selu`
    Selu,
}

impl Nonlinearity {
    /// What a layer's weights are multiplied with for the function behind it to give a variance of about 1 again.
    /// PyTorch's `calculate_gain`.
    #[must_use]
    pub fn gain(self) -> f64 {
        match self {
            Self::Linear | Self::Sigmoid => 1.0,
            Self::Tanh => 5.0 / 3.0,
            Self::Relu => core::f64::consts::SQRT_2,
            Self::LeakyRelu(negative_slope) => Scalar::sqrt(2.0 / (1.0 + negative_slope * negative_slope)),
            Self::Selu => 0.75,
        }
    }
}

impl Nonlinearity {
    /// That its slope is finite.
    pub(super) fn check(self) -> Result<(), OptionError> {
        match self {
            Self::LeakyRelu(slope) => OptionError::check_finite::<f64>("LeakyRelu", "negative_slope", slope),
            _ => Ok(()),
        }
    }
}

impl Fans {
    /// Those of a weight.
    #[must_use]
    pub fn of<T: Scalar, const OUT: usize, const IN: usize>(_weight: &SMatrix<T, OUT, IN>) -> Self {
        Self { fan_in: IN as f64, fan_out: OUT as f64 }
    }

    /// Those of a weight with this shape in PyTorch: outputs, inputs, and the sizes of a window.
    pub(super) fn of_shape(shape: &[usize]) -> Self {
        let size = |dimension: usize| shape.get(dimension).copied().unwrap_or(1) as f64;
        let taps = shape.iter().skip(2).product::<usize>() as f64;
        Self { fan_in: size(1) * taps, fan_out: size(0) * taps }
    }

    /// Those of a convolution whose window has `taps` taps, such as `3 * 3`.
    #[must_use]
    pub fn taps(self, taps: usize) -> Self {
        Self { fan_out: self.fan_out * taps as f64, ..self }
    }

    /// The standard deviation `gain · √(2 / (fan_in + fan_out))`.
    #[must_use]
    pub fn xavier_std(self, gain: f64) -> f64 {
        gain * Scalar::sqrt(2.0 / (self.fan_in + self.fan_out))
    }

    /// The standard deviation `gain / √fan`.
    #[must_use]
    pub fn kaiming_std(self, fan: Fan, nonlinearity: Nonlinearity) -> f64 {
        let fan = match fan {
            Fan::In => self.fan_in,
            Fan::Out => self.fan_out,
        };
        nonlinearity.gain() / Scalar::sqrt(fan)
    }
}

/// The bound of an even distribution around 0 with this standard deviation.
pub(crate) fn bound(std: f64) -> f64 {
    Scalar::sqrt(3.0) * std
}

/// Draws a weight evenly, with a standard deviation of `gain · √(2 / (fan_in + fan_out))`. PyTorch's `xavier_uniform_`; of
/// a convolution see [`Fans`].
///
/// # Errors
///
/// A gain that is negative or not finite; the weight is as it was.
pub fn xavier_uniform<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    gain: f64,
    rng: &mut R,
) -> Result<(), OptionError> {
    Initialisation::XavierUniform { gain }.check::<T>()?;
    let std = Fans::of(weight).xavier_std(gain);
    draw::uniform(weight, bound(std), rng);
    Ok(())
}

/// Draws a weight from a normal distribution with a standard deviation of `gain · √(2 / (fan_in + fan_out))`. PyTorch's
/// `xavier_normal_`; of a convolution see [`Fans`].
///
/// # Errors
///
/// A gain that is negative or not finite; the weight is as it was.
pub fn xavier_normal<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    gain: f64,
    rng: &mut R,
) -> Result<(), OptionError> {
    Initialisation::XavierNormal { gain }.check::<T>()?;
    let std = Fans::of(weight).xavier_std(gain);
    draw::normal(weight, std, rng);
    Ok(())
}

/// Draws a weight evenly, with a standard deviation of `gain / √fan`. PyTorch's `kaiming_uniform_`; of a convolution's
/// [`Fan::Out`] see [`Fans`].
///
/// # Errors
///
/// A negative slope of [`Nonlinearity::LeakyRelu`] that is not finite; the weight is as it was.
pub fn kaiming_uniform<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    fan: Fan,
    nonlinearity: Nonlinearity,
    rng: &mut R,
) -> Result<(), OptionError> {
    Initialisation::KaimingUniform(fan, nonlinearity).check::<T>()?;
    let std = Fans::of(weight).kaiming_std(fan, nonlinearity);
    draw::uniform(weight, bound(std), rng);
    Ok(())
}

/// Draws a weight from a normal distribution with a standard deviation of `gain / √fan`. PyTorch's `kaiming_normal_`; of a
/// convolution's [`Fan::Out`] see [`Fans`].
///
/// # Errors
///
/// A negative slope of [`Nonlinearity::LeakyRelu`] that is not finite; the weight is as it was.
pub fn kaiming_normal<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    fan: Fan,
    nonlinearity: Nonlinearity,
    rng: &mut R,
) -> Result<(), OptionError> {
    Initialisation::KaimingNormal(fan, nonlinearity).check::<T>()?;
    let std = Fans::of(weight).kaiming_std(fan, nonlinearity);
    draw::normal(weight, std, rng);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::boxed::Box;

    use approx::assert_relative_eq;

    use super::*;
    use crate::init::rng;

    type Weight = SMatrix<f64, 150, 90>;

    fn drawn(draw: impl Fn(&mut Weight)) -> Box<Weight> {
        let mut weight: Box<Weight> = bytemuck::zeroed_box();
        draw(&mut weight);
        weight
    }

    /// The standard deviation that was drawn is the expected one, and the largest value the largest of its distribution.
    fn check(weight: &Weight, std: f64, is_uniform: bool) {
        let values = weight.as_slice();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let square = values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64;
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        assert!(mean.abs() < 0.03 * std, "the mean is {mean}");
        assert_relative_eq!(square.sqrt(), std, max_relative = 0.02);
        if is_uniform {
            let bound = 3.0_f64.sqrt() * std;
            assert!(largest <= bound && largest > 0.999 * bound, "the largest is {largest}, the bound {bound}");
        } else {
            assert!(largest > 3.0 * std, "the largest is {largest}");
        }
    }

    #[test]
    fn xavier_has_its_variance() {
        let std = 1.5 * (2.0_f64 / 240.0).sqrt();
        check(&drawn(|weight| xavier_uniform(weight, 1.5, &mut rng(1)).unwrap()), std, true);
        check(&drawn(|weight| xavier_normal(weight, 1.5, &mut rng(2)).unwrap()), std, false);
    }

    #[test]
    fn kaiming_has_its_variance() {
        let relu = Nonlinearity::Relu;
        check(
            &drawn(|weight| kaiming_uniform(weight, Fan::In, relu, &mut rng(3)).unwrap()),
            (2.0_f64 / 90.0).sqrt(),
            true,
        );
        check(
            &drawn(|weight| kaiming_normal(weight, Fan::In, relu, &mut rng(4)).unwrap()),
            (2.0_f64 / 90.0).sqrt(),
            false,
        );
        check(
            &drawn(|weight| kaiming_uniform(weight, Fan::Out, relu, &mut rng(5)).unwrap()),
            (2.0_f64 / 150.0).sqrt(),
            true,
        );
        check(
            &drawn(|weight| kaiming_normal(weight, Fan::Out, relu, &mut rng(6)).unwrap()),
            (2.0_f64 / 150.0).sqrt(),
            false,
        );
    }

    #[test]
    fn gains_are_pytorchs() {
        let gains = [
            (Nonlinearity::Linear, 1.0),
            (Nonlinearity::Sigmoid, 1.0),
            (Nonlinearity::Tanh, 1.666_666_666_666_666_7),
            (Nonlinearity::Relu, 2.0_f64.sqrt()),
            (Nonlinearity::LeakyRelu(0.01), 1.414_142_856_997_835_4),
            (Nonlinearity::LeakyRelu(0.2), 1.386_750_490_563_073),
            (Nonlinearity::Selu, 0.75),
        ];
        for (nonlinearity, gain) in gains {
            assert_relative_eq!(nonlinearity.gain(), gain, max_relative = 1e-15);
        }
    }

    #[test]
    fn gains_that_make_no_distribution_are_refused() {
        let mut weight = SMatrix::<f32, 2, 3>::repeat(7.0);
        for gain in [f64::NAN, f64::INFINITY, -1.0] {
            for error in [
                xavier_uniform(&mut weight, gain, &mut rng(0)).unwrap_err(),
                xavier_normal(&mut weight, gain, &mut rng(0)).unwrap_err(),
            ] {
                assert_eq!((error.option, error.value.to_bits()), ("gain", gain.to_bits()));
            }
        }
        // numbers that an `f32` cannot hold
        assert!(xavier_uniform(&mut weight, 1e39, &mut rng(0)).is_err());
        assert!(xavier_normal(&mut weight, 1e38, &mut rng(0)).is_err());
        for slope in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let leaky = Nonlinearity::LeakyRelu(slope);
            let error = kaiming_uniform(&mut weight, Fan::In, leaky, &mut rng(0)).unwrap_err();
            assert_eq!((error.owner, error.option), ("LeakyRelu", "negative_slope"));
            assert_eq!(kaiming_normal(&mut weight, Fan::Out, leaky, &mut rng(0)).unwrap_err().option, "negative_slope");
        }
        assert_eq!(weight, SMatrix::<f32, 2, 3>::repeat(7.0));
    }

    #[test]
    fn a_seed_gives_the_same_weight() {
        let again = || drawn(|weight| xavier_normal(weight, 1.0, &mut rng(7)).unwrap());
        assert_eq!(again(), again());
        assert_ne!(again(), drawn(|weight| xavier_normal(weight, 1.0, &mut rng(8)).unwrap()));
    }
}
