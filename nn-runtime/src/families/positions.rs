//! Sines and cosines of positions, that the compiler evaluates: tables of about 2 √steps vectors.
//!
//! The angle of pair i of `FEATURES` features is `position · base^(-2i / FEATURES)`. A position is a coarse one plus a fine one,
//!
//! ```text
//! sin(coarse + fine) = sin(coarse) · cos(fine) + cos(coarse) · sin(fine)
//! cos(coarse + fine) = cos(coarse) · cos(fine) - sin(coarse) · sin(fine)
//! ```

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// The bits of the natural logarithm of 10000, the usual base.
pub const LN_10000: u64 = (4.0 * core::f64::consts::LN_10).to_bits();

/// `FINE · COARSE` positions of `FEATURES` features, which are `PAIRS` of a sine and a cosine, the last one perhaps without.
/// `LN_BASE` are the bits of the natural logarithm of the base, an `f64` that is not negative.
#[derive(Clone, Copy, Debug)]
pub struct Positions<
    const FEATURES: usize,
    const PAIRS: usize,
    const FINE: usize,
    const COARSE: usize,
    const LN_BASE: u64 = LN_10000,
>;

/// The sines and cosines that [`Positions`] are put together from, in a type of number.
pub trait Tables<
    const FEATURES: usize,
    const PAIRS: usize,
    const FINE: usize,
    const COARSE: usize,
    const LN_BASE: u64 = LN_10000,
>: Scalar
{
    /// Those of the first `FINE` positions.
    const FINE_TURNS: &'static [[[Self; 2]; PAIRS]; FINE];
    /// Those of every `FINE`-th position.
    const COARSE_TURNS: &'static [[[Self; 2]; PAIRS]; COARSE];
}

impl<const FEATURES: usize, const PAIRS: usize, const FINE: usize, const COARSE: usize, const LN_BASE: u64>
    Tables<FEATURES, PAIRS, FINE, COARSE, LN_BASE> for f64
{
    const FINE_TURNS: &'static [[[Self; 2]; PAIRS]; FINE] = &turns(FEATURES, 1, LN_BASE);
    const COARSE_TURNS: &'static [[[Self; 2]; PAIRS]; COARSE] = &turns(FEATURES, FINE, LN_BASE);
}

impl<const FEATURES: usize, const PAIRS: usize, const FINE: usize, const COARSE: usize, const LN_BASE: u64>
    Tables<FEATURES, PAIRS, FINE, COARSE, LN_BASE> for f32
{
    const FINE_TURNS: &'static [[[Self; 2]; PAIRS]; FINE] = &narrow(&turns(FEATURES, 1, LN_BASE));
    const COARSE_TURNS: &'static [[[Self; 2]; PAIRS]; COARSE] = &narrow(&turns(FEATURES, FINE, LN_BASE));
}

/// Sine and cosine of the positions 0, `distance`, `2 · distance` and so on, for each pair of features.
const fn turns<const PAIRS: usize, const COUNT: usize>(
    features: usize,
    distance: usize,
    ln_base: u64,
) -> [[[f64; 2]; PAIRS]; COUNT] {
    let mut table = [[[0.0, 1.0]; PAIRS]; COUNT];
    let mut pair = 0;
    while pair < PAIRS {
        let turn = sin_cos(distance, frequency(pair, features, f64::from_bits(ln_base)));
        let mut index = 1;
        while index < COUNT {
            table[index][pair] = add(table[index - 1][pair], turn);
            index += 1;
        }
        pair += 1;
    }
    table
}

const fn narrow<const PAIRS: usize, const COUNT: usize>(
    wide: &[[[f64; 2]; PAIRS]; COUNT],
) -> [[[f32; 2]; PAIRS]; COUNT] {
    let mut table = [[[0.0; 2]; PAIRS]; COUNT];
    let mut index = 0;
    while index < COUNT {
        let mut pair = 0;
        while pair < PAIRS {
            let [sin, cos] = wide[index][pair];
            table[index][pair] = [sin as f32, cos as f32];
            pair += 1;
        }
        index += 1;
    }
    table
}

/// `base^(-2 · pair / features)`, from the series of the exponential function, whose terms are all positive.
const fn frequency(pair: usize, features: usize, ln_base: f64) -> f64 {
    let exponent = ln_base * (2 * pair) as f64 / features as f64;
    let (mut term, mut sum, mut index) = (1.0, 1.0, 1);
    while index < 64 {
        term *= exponent / index as f64;
        sum += term;
        index += 1;
    }
    1.0 / sum
}

/// Sine and cosine of `times · angle`, from the series at `angle`, which is at most 1.
const fn sin_cos(times: usize, angle: f64) -> [f64; 2] {
    let square = angle * angle;
    let (mut sin_term, mut cos_term) = (angle, 1.0);
    let mut turn = [angle, 1.0];
    let mut index = 1;
    while index < 12 {
        let even = (2 * index) as f64;
        cos_term *= -square / (even * (even - 1.0));
        sin_term *= -square / (even * (even + 1.0));
        turn = [turn[0] + sin_term, turn[1] + cos_term];
        index += 1;
    }
    let (mut sum, mut count) = ([0.0, 1.0], 0);
    while count < times {
        sum = add(sum, turn);
        count += 1;
    }
    sum
}

/// Sine and cosine of the sum of two angles.
const fn add([sin_a, cos_a]: [f64; 2], [sin_b, cos_b]: [f64; 2]) -> [f64; 2] {
    [sin_a * cos_b + cos_a * sin_b, cos_a * cos_b - sin_a * sin_b]
}

/// Sine and cosine of the sum of two angles.
#[inline(always)]
pub(crate) fn add_angles<I: Isa, T: Scalar>(isa: I, [sin_a, cos_a]: [T; 2], [sin_b, cos_b]: [T; 2]) -> [T; 2] {
    [isa.mul_add(sin_a, cos_b, cos_a * sin_b), isa.mul_add(cos_a, cos_b, -(sin_a * sin_b))]
}
