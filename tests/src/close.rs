//! Comparison with a tolerance that is relative to a tensor's scale.

use nn_runtime::scalar::Scalar;

/// How exactly a type computes.
pub trait Precision: Scalar {
    /// How far a result may be from PyTorch's in `f64`, relative to its tensor's scale.
    const GOLDEN: f64;
    /// How far two ways of computing the same may be apart.
    const ROUNDING: f64;
}

impl Precision for f32 {
    const GOLDEN: f64 = 1e-5;
    const ROUNDING: f64 = 3e-6;
}

impl Precision for f64 {
    const GOLDEN: f64 = 1e-9;
    const ROUNDING: f64 = 1e-13;
}

/// Checks that no entry is further from the expected one than `tolerance` times the largest of the expected ones.
///
/// # Panics
///
/// If one is, or the lengths differ; the message names the tensor, by `what`, and its worst entry.
pub fn assert_close<T: Scalar>(actual: &[T], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}: its length");
    let largest = expected.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let errors = actual.iter().zip(expected).map(|(actual, expected)| (actual.to_f64() - expected).abs());
    // A NaN is worse than any number.
    let worst = errors.enumerate().max_by(|(_, left), (_, right)| left.total_cmp(right));
    let Some((entry, error)) = worst else { return };
    assert!(
        error <= tolerance * scale,
        "{what}: entry {entry} of {} is {}, expected {}: off by {error:.2e}, {:.2e} of the largest entry ({tolerance:.0e} allowed)",
        expected.len(),
        actual[entry],
        expected[entry],
        error / scale,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_the_scale_passes() {
        assert_close(&[1000.0_f32, 0.005], &[1000.001, 0.0], 1e-5, "it");
        assert_close::<f64>(&[], &[], 0.0, "nothing");
        assert_close(&[1e-10], &[0.0], 1e-9, "zeros");
    }

    #[test]
    #[should_panic(
        expected = "it: entry 1 of 3 is 2.5, expected 2: off by 5.00e-1, 1.25e-1 of the largest entry (1e-9 allowed)"
    )]
    fn the_worst_entry_is_named() {
        assert_close(&[1.25, 2.5, 4.0], &[1.0, 2.0, 4.0], 1e-9, "it");
    }

    #[test]
    #[should_panic(expected = "it: entry 0 of 2 is NaN")]
    fn a_nan_is_worst() {
        assert_close(&[f32::NAN, 9.0], &[1.0, 1.0], 1e-9, "it");
    }

    #[test]
    #[should_panic(expected = "it: its length")]
    fn lengths_must_agree() {
        assert_close(&[1.0_f32], &[1.0, 1.0], 1.0, "it");
    }
}
