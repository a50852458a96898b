//! Random numbers and what layers initialise their parameters with.
//!
//! Everything is drawn and computed in `f64` at the portable level: a seed gives the same parameters on every machine,
//! and an `f32` network the parameters of its `f64` twin, rounded.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::kernels::Portable;
use crate::math;
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

/// Fills `values` with numbers drawn evenly from `-bound` to `bound`.
pub fn uniform<T: Scalar, R: Rng + ?Sized>(values: &mut [T], bound: f64, rng: &mut R) {
    for value in values {
        *value = T::from_f64((2.0 * unit(rng) - 1.0) * bound);
    }
}

/// Fills `values` with normally distributed numbers of mean 0 and standard deviation `std`.
///
/// Marsaglia and Bray's polar method: a point drawn evenly from the unit disc gives two of them.
pub fn normal<T: Scalar, R: Rng + ?Sized>(values: &mut [T], std: f64, rng: &mut R) {
    for pair in values.chunks_mut(2) {
        for (value, drawn) in pair.iter_mut().zip(normal_pair(rng)) {
            *value = T::from_f64(drawn * std);
        }
    }
}

fn normal_pair<R: Rng + ?Sized>(rng: &mut R) -> [f64; 2] {
    loop {
        let point = [2.0 * unit(rng) - 1.0, 2.0 * unit(rng) - 1.0];
        let square = point[0] * point[0] + point[1] * point[1];
        if square > 0.0 && square < 1.0 {
            let scale = Scalar::sqrt(-2.0 * math::ln(Portable, square) / square);
            return point.map(|coordinate| coordinate * scale);
        }
    }
}

/// Fills `values` with one value.
pub fn constant<T: Scalar>(values: &mut [T], value: f64) {
    values.fill(T::from_f64(value));
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests {
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
        uniform(&mut values, 3.0, &mut rng(3));
        let [mean, square, cube, fourth] = moments(&values);
        assert!(mean.abs() < 0.03 && (square - 3.0).abs() < 0.05, "{mean} {square}");
        assert!(cube.abs() < 0.2 && (fourth - 81.0 / 5.0).abs() < 0.4, "{cube} {fourth}");
        assert!(values.iter().all(|value| value.abs() <= 3.0));
    }

    #[test]
    fn normal_has_the_moments_of_its_distribution() {
        let mut values = std::vec![0.0; 40_001];
        normal(&mut values, 1.0, &mut rng(4));
        let [mean, square, cube, fourth] = moments(&values);
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
        assert!(cube.abs() < 0.06 && (fourth - 3.0).abs() < 0.15, "{cube} {fourth}");
        assert!(values[40_000] != 0.0);
    }

    #[test]
    fn f32_parameters_are_the_rounded_f64_parameters() {
        let (mut single, mut double) = ([0.0_f32; 9], [0.0_f64; 9]);
        uniform(&mut single, 0.3, &mut rng(5));
        uniform(&mut double, 0.3, &mut rng(5));
        assert_eq!(single, double.map(|value| value as f32));
    }

    #[test]
    fn constant_fills() {
        let mut values = [0.0_f32; 3];
        constant(&mut values, 1.5);
        assert_eq!(values, [1.5; 3]);
    }
}
