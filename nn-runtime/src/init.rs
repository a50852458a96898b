//! Random numbers and what parameters are initialised with. PyTorch: `torch.nn.init`.
//!
//! Every layer has PyTorch's default initialisation of its own. For another one, after `init` or `new`:
//!
//! ```
//! use nn_runtime::init::{Fan, Nonlinearity};
//! use nn_runtime::prelude::*;
//!
//! network! {
//!     struct Net: [4] -> [3] {
//!         fc1: linear(8), tanh,
//!         fc2: linear(8), relu,
//!         out: linear(3),
//!     }
//! }
//!
//! let mut rng = rng(0);
//! let mut net = Net::new(&mut rng);
//! init::xavier_uniform(&mut net.fc1.weight, Nonlinearity::Tanh.gain(), &mut rng)?;
//! init::kaiming_normal(&mut net.fc2.weight, Fan::In, Nonlinearity::Relu, &mut rng)?;
//! init::orthogonal(&mut net.out.weight, 1.0, &mut rng)?;
//! init::zeros(&mut net.out.bias);
//! # Ok::<(), nn_runtime::OptionError>(())
//! ```
//!
//! | function | draws |
//! |---|---|
//! | [`uniform`]`(bound)`, `(low..high)` | evenly from an interval |
//! | [`normal`]`(std)`, `((mean, std))` | from a normal distribution |
//! | [`xavier_uniform`], [`xavier_normal`]`(gain)` | with a variance of `gain² · 2 / (fan_in + fan_out)` |
//! | [`kaiming_uniform`], [`kaiming_normal`]`(fan, nonlinearity)` | with a variance of `gain² / fan` |
//! | [`orthogonal`]`(gain)` | a rotation: columns or rows that are orthogonal, of length `gain` |
//! | [`constant`]`(value)`, [`zeros`] | nothing |
//! | [`weights`], [`stage_weights`] | all weights of a network, or of a stage, by the name of an [`Initialisation`] |
//!
//! Everything is drawn and computed in `f64` at the portable level: a seed gives the same parameters on every machine,
//! and an `f32` network the parameters of its `f64` twin, rounded.

pub(crate) mod draw;
mod error;
mod fans;
mod orthogonal;
mod values;
mod weights;

pub use error::InitError;
pub use fans::{Fan, Fans, Nonlinearity, kaiming_normal, kaiming_uniform, xavier_normal, xavier_uniform};
pub use orthogonal::orthogonal;
pub use values::{Interval, Normal, Values};
pub use weights::{Initialisation, stage_weights, weights};

pub(crate) use fans::bound;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::OptionError;
use crate::scalar::Scalar;

/// The library's default generator of random numbers: xoshiro256++, small, fast, portable, not for secrets.
#[must_use]
pub fn rng(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// A number between 0 (included) and 1 (not included), one of 2⁵³ evenly spaced ones.
pub fn unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    (rng.next_u64() >> 11) as f64 * STEP
}

/// A whole number below `bound`, all equally likely; 0 if `bound` is 0.
///
/// Lemire, *Fast random integer generation in an interval*, 2019, without its rejection step: with `bound` below 2³² a
/// number's share is off by less than one part in 2³².
pub fn below<R: Rng + ?Sized>(bound: usize, rng: &mut R) -> usize {
    ((u128::from(rng.next_u64()) * bound as u128) >> 64) as usize
}

/// Fills `values` with numbers drawn evenly from an [`Interval`]: `low..high`, or a number for `-bound..bound`. PyTorch's
/// `uniform_`.
///
/// # Errors
///
/// An end that is not finite, or that is infinite in the type of the values; a lower end above the upper one, as that of a
/// negative `bound`. The values are as they were.
pub fn uniform<V: Values + ?Sized, R: Rng + ?Sized>(
    values: &mut V,
    interval: impl Into<Interval>,
    rng: &mut R,
) -> Result<(), OptionError> {
    let interval = interval.into();
    interval.check::<V::Scalar>()?;
    draw::uniform(values, interval, rng);
    Ok(())
}

/// Fills `values` with [normally](Normal) distributed numbers: `(mean, std)`, or a number for the standard deviation
/// alone and a mean of 0. PyTorch's `normal_`.
///
/// # Errors
///
/// A mean or a standard deviation that is not finite, or a negative standard deviation; either so large that a number may be
/// drawn that is infinite in the type of the values. The values are as they were.
pub fn normal<V: Values + ?Sized, R: Rng + ?Sized>(
    values: &mut V,
    normal: impl Into<Normal>,
    rng: &mut R,
) -> Result<(), OptionError> {
    let normal = normal.into();
    normal.check::<V::Scalar>()?;
    draw::normal(values, normal, rng);
    Ok(())
}

/// Fills `values` with one value.
pub fn constant<V: Values + ?Sized>(values: &mut V, value: f64) {
    values.flat_mut().fill(V::Scalar::from_f64(value));
}

/// Fills `values` with zeros.
pub fn zeros<V: Values + ?Sized>(values: &mut V) {
    constant(values, 0.0);
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn the_generator_is_xoshiro256_plus_plus() {
        let mut drawn = rng(0);
        assert_eq!([drawn.next_u64(), drawn.next_u64()], [0x5317_5d61_490b_23df, 0x61da_6f3d_c380_d507]);
    }

    #[test]
    fn unit_numbers_stay_below_one() {
        let mut drawn = rng(1);
        assert!((0..10_000).map(|_| unit(&mut drawn)).all(|number| (0.0..1.0).contains(&number)));
    }

    #[test]
    fn whole_numbers_stay_below_their_bound_and_reach_all_of_it() {
        let mut counts = [0_u32; 7];
        let mut drawn = rng(2);
        for _ in 0..7_000 {
            counts[below(7, &mut drawn)] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!(below(0, &mut drawn), 0);
    }

    fn moments(values: &[f64]) -> [f64; 4] {
        let mean = |power: i32| values.iter().map(|value| value.powi(power)).sum::<f64>() / values.len() as f64;
        [mean(1), mean(2), mean(3), mean(4)]
    }

    #[test]
    fn uniform_has_the_moments_of_its_distribution() {
        let mut values = std::vec![0.0; 40_000];
        uniform(values.as_mut_slice(), 3.0, &mut rng(3)).unwrap();
        let [mean, square, cube, fourth] = moments(&values);
        assert!(mean.abs() < 0.03 && (square - 3.0).abs() < 0.05, "{mean} {square}");
        assert!(cube.abs() < 0.2 && (fourth - 81.0 / 5.0).abs() < 0.4, "{cube} {fourth}");
        assert!(values.iter().all(|value| value.abs() <= 3.0));
    }

    #[test]
    fn normal_has_the_moments_of_its_distribution() {
        let mut values = std::vec![0.0; 40_001];
        normal(values.as_mut_slice(), 1.0, &mut rng(4)).unwrap();
        let [mean, square, cube, fourth] = moments(&values);
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
        assert!(cube.abs() < 0.06 && (fourth - 3.0).abs() < 0.15, "{cube} {fourth}");
        assert!(values[40_000] != 0.0);
    }

    #[test]
    fn intervals_and_means_shift_what_is_drawn() {
        let (mut around_zero, mut shifted) = ([0.0_f64; 9], [0.0_f64; 9]);
        uniform(&mut around_zero, 0.25, &mut rng(6)).unwrap();
        uniform(&mut shifted, 0.75..1.25, &mut rng(6)).unwrap();
        assert_eq!(shifted, around_zero.map(|value| value + 1.0));
        normal(&mut around_zero, 0.5, &mut rng(6)).unwrap();
        normal(&mut shifted, (3.0, 0.5), &mut rng(6)).unwrap();
        assert_eq!(shifted, around_zero.map(|value| value + 3.0));
    }

    #[test]
    fn f32_parameters_are_the_rounded_f64_parameters() {
        let (mut single, mut double) = ([0.0_f32; 9], [0.0_f64; 9]);
        uniform(&mut single, 0.3, &mut rng(5)).unwrap();
        uniform(&mut double, 0.3, &mut rng(5)).unwrap();
        assert_eq!(single, double.map(|value| value as f32));
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        fn check(error: Result<(), OptionError>, values: [f32; 2], text: &str) {
            assert_eq!((error.unwrap_err().to_string().as_str(), values), (text, [7.0; 2]));
        }
        let (mut values, mut random) = ([7.0_f32; 2], rng(0));
        for (interval, text) in [
            (f64::NAN..1.0, "`low` of `uniform` is NaN, but must be finite"),
            (0.0..f64::INFINITY, "`high` of `uniform` is inf, but must be finite"),
            (
                -1e39..1.0,
                "`low` of `uniform` is -1000000000000000000000000000000000000000, but must be finite, also as an `f32`",
            ),
            (1.0..0.5, "`high` of `uniform` is 0.5, but must be at least `low`"),
        ] {
            check(uniform(&mut values, interval, &mut random), values, text);
        }
        check(uniform(&mut values, -1.0, &mut random), values, "`high` of `uniform` is -1, but must be at least `low`");
        for (distribution, text) in [
            ((f64::NAN, 1.0), "`mean` of `normal` is NaN, but must be finite"),
            ((0.0, f64::NAN), "`std` of `normal` is NaN, but must be finite and at least 0"),
            ((0.0, -0.5), "`std` of `normal` is -0.5, but must be finite and at least 0"),
            ((0.0, f64::INFINITY), "`std` of `normal` is inf, but must be finite and at least 0"),
        ] {
            check(normal(&mut values, distribution, &mut random), values, text);
        }
        let error = normal(&mut values, (3e38, 1e37), &mut random).unwrap_err();
        assert_eq!(error.allowed, "so small that no number that is drawn is infinite");
        assert_eq!(random, rng(0), "nothing was drawn");
        // as far as the type goes
        uniform(&mut values, -f64::from(f32::MAX)..f64::from(f32::MAX), &mut random).unwrap();
        assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
        let mut doubles = [0.0_f64; 9];
        uniform(&mut doubles, -f64::MAX..f64::MAX, &mut random).unwrap();
        assert!(doubles.iter().all(|value| value.is_finite()), "{doubles:?}");
        uniform(&mut doubles, 2.0..2.0, &mut random).unwrap();
        assert_eq!(doubles, [2.0; 9]);
        normal(&mut doubles, (2.0, 0.0), &mut random).unwrap();
        assert_eq!(doubles, [2.0; 9]);
    }

    #[test]
    fn constant_fills() {
        let mut values = [0.0_f32; 3];
        constant(&mut values, 1.5);
        assert_eq!(values, [1.5; 3]);
        zeros(&mut values);
        assert_eq!(values, [0.0; 3]);
    }
}
