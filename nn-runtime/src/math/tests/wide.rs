//! Numbers of twice the digits of `f64`, a sum of two, and the functions under test with an error below 2⁻⁹⁰.
//!
//! Sums and products after T. J. Dekker, *A floating-point technique for extending the available precision*, 1971.

use core::ops::{Add, Div, Mul, Neg, Sub};

#[derive(Clone, Copy, Debug)]
pub(super) struct Wide {
    pub(super) high: f64,
    pub(super) low: f64,
}

const LN_2: Wide = Wide { high: core::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
const FRAC_1_SQRT_2_PI: Wide = Wide { high: 0.398_942_280_401_432_7, low: -2.492_327_202_277_73e-17 };
const ONE: Wide = Wide { high: 1.0, low: 0.0 };

impl From<f64> for Wide {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

fn exact_sum(a: f64, b: f64) -> Wide {
    let high = a + b;
    let part = high - a;
    Wide { high, low: (a - (high - part)) + (b - part) }
}

impl Add for Wide {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (high, low) = (exact_sum(self.high, other.high), exact_sum(self.low, other.low));
        let sum = exact_sum(high.high, high.low + low.high);
        exact_sum(sum.high, sum.low + low.low)
    }
}

impl Neg for Wide {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Sub for Wide {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Wide {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let high = self.high * other.high;
        let low = self.high.mul_add(other.high, -high);
        exact_sum(high, low + (self.high * other.low + self.low * other.high))
    }
}

impl Div for Wide {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let first = Self::from(self.high / other.high);
        let second = Self::from((self - first * other).high / other.high);
        let third = Self::from((self - first * other - second * other).high / other.high);
        first + second + third
    }
}

/// n and eʳ - 1, where x = n · ln 2 + r.
fn reduce(x: Wide) -> (i32, Wide) {
    let n = (x.high / core::f64::consts::LN_2).round();
    let r = x - Wide::from(n) * LN_2;
    let series = (2..30).rev().fold(ONE, |sum, i| ONE + sum * r / Wide::from(f64::from(i)));
    (n as i32, series * r)
}

/// Where |x| is at most 10⁶.
pub(super) fn sin_cos(x: f64) -> [Wide; 2] {
    const HALF_PI: Wide = Wide { high: core::f64::consts::FRAC_PI_2, low: 6.123_233_995_736_766e-17 };
    let n = (x / core::f64::consts::FRAC_PI_2).round();
    let r = Wide::from(x) - Wide::from(n) * HALF_PI;
    let series = |first: i32| {
        let terms = (0..13).rev().map(|i| Wide::from(f64::from((first + 2 * i + 1) * (first + 2 * i + 2))));
        terms.fold(ONE, |sum, divisor| ONE - sum * r * r / divisor)
    };
    let [sin, cos] = [series(1) * r, series(0)];
    match n.rem_euclid(4.0) as i32 {
        0 => [sin, cos],
        1 => [cos, -sin],
        2 => [-sin, -cos],
        _ => [-cos, sin],
    }
}

fn powi(n: i32) -> Wide {
    Wide::from(f64::powi(2.0, n))
}

/// eˣ - 1, for |x| up to 700.
fn exp_m1(x: Wide) -> Wide {
    let (n, fraction) = reduce(x);
    (powi(n) - ONE) + powi(n) * fraction
}

pub(super) fn exp(x: f64) -> (Wide, i32) {
    let (n, fraction) = reduce(x.into());
    (ONE + fraction, n)
}

pub(super) fn tanh(x: f64) -> (Wide, i32) {
    let e = exp_m1(Wide::from(2.0 * x.clamp(-30.0, 30.0)));
    (e / (e + Wide::from(2.0)), 0)
}

pub(super) fn sigmoid(x: f64) -> (Wide, i32) {
    if x < -100.0 {
        return exp(x);
    }
    (ONE / (exp_m1((-x.min(100.0)).into()) + Wide::from(2.0)), 0)
}

pub(super) fn softplus(x: f64) -> (Wide, i32) {
    if x < -100.0 {
        return exp(x);
    }
    let (exponential, n) = exp((-x.abs()).max(-100.0));
    let tail = ln_1p_of(exponential * powi(n));
    (tail + x.max(0.0).into(), 0)
}

pub(super) fn exp_m1_nonpositive(x: f64) -> (Wide, i32) {
    (exp_m1(x.max(-100.0).into()), 0)
}

/// Of the tail, a series near 0 and a continued fraction further out.
pub(super) fn normal_cdf(x: f64) -> (Wide, i32) {
    let t = x.abs().min(40.0);
    let square = Wide::from(t) * t.into();
    let half = square * Wide::from(-0.5);
    let (n, fraction) = reduce(half);
    let density = (ONE + fraction) * FRAC_1_SQRT_2_PI;
    let near = || {
        let series = (1..80).rev().fold(ONE, |sum, i| ONE + sum * square / Wide::from(f64::from(2 * i + 1)));
        (Wide::from(0.5) - powi(n) * density * series * t.into(), 0)
    };
    let far = || (density / (1..120).rev().fold(t.into(), |sum, i| Wide::from(t) + Wide::from(f64::from(i)) / sum), n);
    let (tail, exponent) = if t < 2.5 { near() } else { far() };
    if x > 0.0 { (ONE - tail * powi(exponent), 0) } else { (tail, exponent) }
}

/// The same in `f64`, with a smaller error than `f32` has.
pub(super) fn normal_cdf_of(x: f64) -> f64 {
    let t = x.abs().min(40.0);
    let density = (-0.5 * t * t).exp() * FRAC_1_SQRT_2_PI.high;
    let near = || 0.5 - density * t * (1..40).rev().fold(1.0, |sum, i| 1.0 + sum * t * t / f64::from(2 * i + 1));
    let far = || density / (1..40).rev().fold(t, |sum, i| t + f64::from(i) / sum);
    let tail = if t < 2.5 { near() } else { far() };
    if x > 0.0 { 1.0 - tail } else { tail }
}

pub(super) fn ln(x: f64) -> (Wide, i32) {
    // x = mantissa · 2^exponent, the mantissa close to 1
    let exponent = x.log2().round();
    let half = f64::powi(2.0, -(exponent / 2.0) as i32);
    let mantissa = x * half * f64::powi(2.0, (-exponent + (exponent / 2.0).trunc()) as i32);
    (ln_1p_of(Wide::from(mantissa) - ONE) + Wide::from(exponent) * LN_2, 0)
}

pub(super) fn ln_1p(x: f64) -> (Wide, i32) {
    if x > 1e30 { ln(x) } else { (ln_1p_of(x.into()), 0) }
}

/// A step of Newton's method from `std`'s result.
fn ln_1p_of(x: Wide) -> Wide {
    if x.high.abs() < 1e-9 {
        return x - x * x / Wide::from(2.0) + x * x * x / Wide::from(3.0);
    }
    let near = Wide::from(x.high.ln_1p());
    // ln(1 + x) = near + ln(1 + rest)
    let rest = (x - exp_m1(near)) / (exp_m1(near) + ONE);
    near + rest - rest * rest / Wide::from(2.0)
}

#[test]
fn wide_functions_have_more_digits_than_f64() {
    // mpmath 1.3, 50 digits, as the sum of two `f64`
    let expected = [
        (exp(0.3), 1.349_858_807_576_003_2, -9.447_314_673_432_387e-17),
        (exp(-20.7), 1.023_538_597_759_416_2e-9, -6.484_174_939_174_867e-26),
        (exp(123.4), 3.907_860_632_008_913_5e53, 2.201_133_573_494_452_7e37),
        (tanh(0.001), 0.000_999_999_666_666_8, 1.780_061_379_916_655_7e-20),
        (tanh(0.55), 0.500_520_211_190_235_3, -2.292_756_835_584_021_4e-17),
        (tanh(-7.25), -0.999_998_991_305_183_5, -4.825_784_794_213_681e-17),
        (sigmoid(-31.5), 2.087_967_911_645_89e-14, -1.143_367_649_852_048_5e-30),
        (sigmoid(0.75), 0.679_178_699_175_393, -1.592_050_319_169_205_4e-18),
        (softplus(-33.25), 3.628_344_178_047_038e-15, 3.432_769_971_226_266e-31),
        (softplus(2.5), 2.578_889_734_292_549_6, -1.697_138_448_858_409_3e-17),
        (exp_m1_nonpositive(-0.3), -0.259_181_779_318_282_1, -1.805_530_505_953e-18),
        (exp_m1_nonpositive(-7.25), -0.999_289_825_611_157_4, -2.804_537_548_538_161e-17),
        (normal_cdf(0.75), 0.773_372_647_623_131_8, -4.739_847_159_150_192_4e-17),
        (normal_cdf(-2.25), 0.012_224_472_655_044_703, 5.289_738_210_594_361e-19),
        (normal_cdf(-3.5), 0.000_232_629_079_035_525_04, -7.606_255_392_464_223e-21),
        (normal_cdf(-31.25), 1.116_256_414_463_582_6e-214, 8.429_701_955_497_756e-231),
        (normal_cdf(4.0), 0.999_968_328_758_166_9, 5.728_329_922_612_69e-20),
        (ln(0.97), -0.030_459_207_484_708_574, 5.321_760_163_974_223e-19),
        (ln(1e-310), -713.801_378_828_154_2, -8.592_254_740_270_771e-15),
        (ln(7e200), 462.462_928_747_864_45, -2.689_431_594_158_024_4e-15),
        (ln_1p(3e-11), 2.999_999_999_955e-11, -8.220_650_817_978_276e-28),
        (ln_1p(-0.4), -0.510_825_623_765_990_7, 1.523_381_509_985_101_4e-18),
        ((sin_cos(-1_000.25)[0], 0), -0.940_308_668_156_069_2, -1.440_731_357_082_716_5e-17),
        ((sin_cos(77_777.7)[1], 0), -0.276_472_173_840_238_5, -1.546_831_885_226_68e-17),
        (ln_1p(1_234.5), 7.119_231_025_428_665, 1.687_826_871_827_292_3e-16),
    ];
    for ((value, exponent), high, low) in expected {
        let scaled = value * powi(exponent);
        let error = (scaled - Wide { high, low }).high.abs();
        assert!(error < high.abs() * f64::powi(2.0, -85), "{scaled:?} {high:e} {low:e}");
    }
}
