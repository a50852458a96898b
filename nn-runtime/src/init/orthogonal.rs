//! Orthogonal matrices. Saxe, `McClelland` and Ganguli, 2014.

use core::ops::Range;

use nalgebra::SMatrix;
use rand_core::Rng;

use super::draw;
use crate::OptionError;
use crate::scalar::Scalar;

/// Draws a weight whose columns, or rows where there are fewer, are orthogonal and of length `gain`; every such matrix is
/// equally likely. PyTorch's `orthogonal_`.
///
/// It is the orthogonal factor of a matrix of normally distributed numbers. Sums are made in `f64`, but the matrix is
/// worked on in its own type: an `f32` weight is only nearly the `f64` one, rounded.
///
/// # Errors
///
/// A gain that is not finite; the weight is as it was.
pub fn orthogonal<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    gain: f64,
    rng: &mut R,
) -> Result<(), OptionError> {
    check_gain::<T>(gain)?;
    orthogonal_columns(weight.data.0.as_flattened_mut(), OUT, gain, rng);
    Ok(())
}

/// That the matrix is finite.
pub(super) fn check_gain<T: Scalar>(gain: f64) -> Result<(), OptionError> {
    OptionError::check_finite::<T>("orthogonal", "gain", gain)
}

/// The same for a matrix whose columns of `rows` entries stand one after the other.
pub(super) fn orthogonal_columns<T: Scalar, R: Rng + ?Sized>(matrix: &mut [T], rows: usize, gain: f64, rng: &mut R) {
    let rows = rows.max(1);
    draw::normal(matrix, 1.0, rng);
    if matrix.len() / rows <= rows {
        make_columns_orthonormal(matrix, rows);
    } else {
        make_rows_orthonormal(matrix, rows);
    }
    for value in matrix {
        *value = T::from_f64(value.to_f64() * gain);
    }
}

/// How often each vector loses its share of those before it: once leaves a rounding error that grows with the matrix,
/// twice is enough (Giraud, Langou and Rozložník, 2005).
const ROUNDS: usize = 2;

/// Gram and Schmidt's process, vector by vector. A vector of zeros stays one.
fn make_columns_orthonormal<T: Scalar>(matrix: &mut [T], rows: usize) {
    for position in 0..matrix.len() / rows {
        let (earlier, others) = matrix.split_at_mut(position * rows);
        let Some(column) = others.get_mut(..rows) else { return };
        for _ in 0..ROUNDS {
            for other in earlier.chunks_exact(rows) {
                let share = product(column, other);
                for (value, other) in column.iter_mut().zip(other) {
                    *value = T::from_f64(value.to_f64() - share * other.to_f64());
                }
            }
        }
        let length = Scalar::sqrt(product(column, column)).max(f64::MIN_POSITIVE);
        for value in column {
            *value = T::from_f64(value.to_f64() / length);
        }
    }
}

/// How many earlier rows give their shares at once: the entries of neighbouring rows stand together, those of one row are far
/// apart.
const BLOCK: usize = 16;

/// The same for rows.
fn make_rows_orthonormal<T: Scalar>(matrix: &mut [T], rows: usize) {
    for position in 0..rows {
        for _ in 0..ROUNDS {
            for block in (0..position).step_by(BLOCK) {
                subtract_shares(matrix, rows, position, block..position.min(block + BLOCK));
            }
        }
        let row = matrix.chunks_exact(rows).filter_map(|column| column.get(position));
        let length = Scalar::sqrt(row.map(|value| value.to_f64() * value.to_f64()).sum::<f64>()).max(f64::MIN_POSITIVE);
        for value in matrix.chunks_exact_mut(rows).filter_map(|column| column.get_mut(position)) {
            *value = T::from_f64(value.to_f64() / length);
        }
    }
}

/// Takes from a row its shares of earlier ones, at most [`BLOCK`].
fn subtract_shares<T: Scalar>(matrix: &mut [T], rows: usize, position: usize, earlier: Range<usize>) {
    let mut shares = [0.0; BLOCK];
    for column in matrix.chunks_exact(rows) {
        let value = column.get(position).map_or(0.0, |value| value.to_f64());
        for (share, other) in shares.iter_mut().zip(column.get(earlier.clone()).unwrap_or_default()) {
            *share += value * other.to_f64();
        }
    }
    for column in matrix.chunks_exact_mut(rows) {
        let earlier = column.get(earlier.clone()).unwrap_or_default();
        let lost: f64 = shares.iter().zip(earlier).map(|(share, other)| share * other.to_f64()).sum();
        if let Some(value) = column.get_mut(position) {
            *value = T::from_f64(value.to_f64() - lost);
        }
    }
}

fn product<T: Scalar>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::rng;

    /// The largest entry of W·Wᵀ or Wᵀ·W, whichever is smaller, less `gain²` times the identity.
    fn error<T: Scalar, const OUT: usize, const IN: usize>(gain: f64, seed: u64) -> f64 {
        let mut weight: std::boxed::Box<SMatrix<T, OUT, IN>> = bytemuck::zeroed_box();
        orthogonal(&mut *weight, gain, &mut rng(seed)).unwrap();
        let entry = |vector: usize, position: usize| {
            let at = if IN <= OUT { (position, vector) } else { (vector, position) };
            weight[at].to_f64()
        };
        let (vectors, length) = (IN.min(OUT), IN.max(OUT));
        let mut largest: f64 = 0.0;
        for (a, b) in (0..vectors).flat_map(|a| (0..vectors).map(move |b| (a, b))) {
            let product: f64 = (0..length).map(|position| entry(a, position) * entry(b, position)).sum();
            largest = largest.max((product - if a == b { gain * gain } else { 0.0 }).abs());
        }
        largest
    }

    #[test]
    fn vectors_are_orthogonal_and_of_the_length_of_the_gain() {
        for errors in [
            [error::<f64, 7, 7>(1.0, 1), error::<f64, 9, 4>(1.5, 2), error::<f64, 4, 9>(1.5, 3)],
            [error::<f64, 1, 1>(2.0, 4), error::<f64, 80, 64>(1.0, 5), error::<f64, 64, 80>(1.0, 6)],
        ] {
            assert!(errors.iter().all(|error| *error < 1e-13), "{errors:?}");
        }
        let single = [error::<f32, 64, 64>(1.0, 7), error::<f32, 80, 64>(1.0, 8), error::<f32, 64, 80>(1.0, 9)];
        assert!(single.iter().all(|error| *error < 5e-7), "{single:?}");
    }

    #[test]
    fn a_gain_that_is_not_finite_is_refused() {
        let mut weight = SMatrix::<f32, 2, 3>::repeat(7.0);
        for gain in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e39] {
            assert_eq!(orthogonal(&mut weight, gain, &mut rng(0)).unwrap_err().option, "gain");
        }
        assert_eq!(weight, SMatrix::<f32, 2, 3>::repeat(7.0));
    }

    #[test]
    fn reflections_are_as_likely_as_rotations() {
        let determinant = |seed| {
            let mut weight = SMatrix::<f64, 2, 2>::zeros();
            orthogonal(&mut weight, 1.0, &mut rng(seed)).unwrap();
            weight.determinant()
        };
        let rotations = (0..1000).filter(|&seed| determinant(seed) > 0.0).count();
        assert!((400..600).contains(&rotations), "{rotations} of 1000");
    }

    #[test]
    fn a_seed_gives_the_same_matrix() {
        let drawn = |seed| {
            let mut weight = SMatrix::<f32, 5, 3>::zeros();
            orthogonal(&mut weight, 1.0, &mut rng(seed)).unwrap();
            weight
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }
}
