//! A table of vectors, read by index. PyTorch: `torch.nn.Embedding(NUM, DIM)`.
//!
//! ```text
//! output[step] = weight[:, input[step]]                    [BATCH, STEPS] -> [BATCH, STEPS, DIM]
//! ```
//!
//! `weight` has one column an entry, `[DIM, NUM]`: the transpose of PyTorch's.
//!
//! # Backward
//!
//! ```text
//! grad_weight[:, input[step]] += grad_output[step]
//! ```
//!
//! Nothing is cached, and an index has no gradient. An index that is not below `NUM` reads as zeros and gets no gradient.

use nalgebra::SMatrix;
use rand_core::Rng;

use crate::init;
use crate::kernels::{Isa, Kernel};
use crate::scalar::{Index, Scalar};

/// Draws every entry from the normal distribution with mean 0 and variance 1.
pub fn init<T: Scalar, const DIM: usize, const NUM: usize>(
    weight: &mut SMatrix<T, DIM, NUM>,
    rng: &mut (impl Rng + ?Sized),
) {
    init::draw::normal(weight.data.0.as_flattened_mut(), 1.0, rng);
}

/// Overwrites `output` with the entries that `input` names. `M` is `STEPS · DIM`.
pub fn forward<
    T: Scalar,
    U: Index,
    const BATCH: usize,
    const STEPS: usize,
    const M: usize,
    const DIM: usize,
    const NUM: usize,
>(
    isa: impl Isa,
    weight: &SMatrix<T, DIM, NUM>,
    input: &SMatrix<U, BATCH, STEPS>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    const { assert!(M == STEPS * DIM, "an embedding's output is one vector for each step") }
    isa.call(Gather { weight: &weight.data.0, input: &input.data.0, output: &mut output.data.0 });
}

/// Adds to `grad_weight`. `M` is `STEPS · DIM`.
pub fn backward_parameters<
    T: Scalar,
    U: Index,
    const BATCH: usize,
    const STEPS: usize,
    const M: usize,
    const DIM: usize,
    const NUM: usize,
>(
    isa: impl Isa,
    input: &SMatrix<U, BATCH, STEPS>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_weight: &mut SMatrix<T, DIM, NUM>,
) {
    const { assert!(M == STEPS * DIM, "an embedding's output is one vector for each step") }
    let (input, grad_output, grad_weight) = (&input.data.0, &grad_output.data.0, &mut grad_weight.data.0);
    isa.call(ScatterAdd { input, grad_output, grad_weight });
}

struct Gather<'a, T, U, const BATCH: usize, const DIM: usize> {
    weight: &'a [[T; DIM]],
    input: &'a [[U; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, U: Index, const BATCH: usize, const DIM: usize> Kernel for Gather<'_, T, U, BATCH, DIM> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let zeros = [T::ZERO; DIM];
        for (indices, output) in self.input.iter().zip(self.output.chunks_exact_mut(DIM.max(1))) {
            let mut entries = [&zeros; BATCH];
            for (entry, index) in entries.iter_mut().zip(indices) {
                *entry = self.weight.get(index.to_usize()).unwrap_or(&zeros);
            }
            for (feature, lane) in output.iter_mut().enumerate() {
                for (value, entry) in lane.iter_mut().zip(&entries) {
                    *value = entry.get(feature).copied().unwrap_or(T::ZERO);
                }
            }
        }
    }
}

struct ScatterAdd<'a, T, U, const BATCH: usize, const DIM: usize> {
    input: &'a [[U; BATCH]],
    grad_output: &'a [[T; BATCH]],
    grad_weight: &'a mut [[T; DIM]],
}

impl<T: Scalar, U: Index, const BATCH: usize, const DIM: usize> Kernel for ScatterAdd<'_, T, U, BATCH, DIM> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (indices, grad_output) in self.input.iter().zip(self.grad_output.chunks_exact(DIM.max(1))) {
            for (row, index) in indices.iter().enumerate() {
                let Some(grad_entry) = self.grad_weight.get_mut(index.to_usize()) else { continue };
                for (grad, lane) in grad_entry.iter_mut().zip(grad_output) {
                    *grad += lane.get(row).copied().unwrap_or(T::ZERO);
                }
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "small whole numbers and halves are exact")]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    /// Entry `n`, feature `d` is 10 n + d.
    fn table() -> SMatrix<f64, 3, 5> {
        SMatrix::from_fn(|feature, entry| (10 * entry + feature) as f64)
    }

    #[test]
    fn reads_the_column_of_each_index() {
        let input = SMatrix::<u8, 2, 2>::from([[4, 0], [1, 4]]);
        let mut output = SMatrix::<f64, 2, 6>::repeat(9.0);
        forward(Portable, &table(), &input, &mut output);
        assert_eq!(
            output,
            SMatrix::<f64, 2, 6>::from_row_slice(&[40., 41., 42., 10., 11., 12., 0., 1., 2., 40., 41., 42.])
        );
    }

    #[test]
    fn an_index_out_of_range_reads_as_zeros_and_has_no_gradient() {
        let input = SMatrix::<u16, 3, 1>::from([[5, 1, 65535]]);
        let mut output = SMatrix::<f64, 3, 3>::repeat(9.0);
        forward(Portable, &table(), &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 3, 3>::from_row_slice(&[0., 0., 0., 10., 11., 12., 0., 0., 0.]));

        let mut grad_weight = SMatrix::<f64, 3, 5>::zeros();
        backward_parameters(Portable, &input, &SMatrix::<f64, 3, 3>::repeat(1.0), &mut grad_weight);
        assert_eq!(grad_weight.column_sum(), nalgebra::SVector::<f64, 3>::repeat(1.0));
        assert_eq!(grad_weight.column(1).sum(), 3.0);
    }

    #[test]
    fn gradients_of_a_repeated_index_add_up() {
        let input = SMatrix::<u32, 3, 2>::from([[2, 2, 0], [2, 4, 4]]);
        let grad_output = SMatrix::<f64, 3, 6>::from_fn(|row, feature| (1 + row * 6 + feature) as f64);
        let mut grad_weight = SMatrix::<f64, 3, 5>::repeat(0.5);
        backward_parameters(Portable, &input, &grad_output, &mut grad_weight);
        // Entry 2 stands in row 0 at both steps and in row 1 at step 0; entry 4 in rows 1 and 2 at step 1.
        assert_eq!(grad_weight.data.0[2], [0.5 + 1. + 4. + 7., 0.5 + 2. + 5. + 8., 0.5 + 3. + 6. + 9.]);
        assert_eq!(grad_weight.data.0[4], [0.5 + 10. + 16., 0.5 + 11. + 17., 0.5 + 12. + 18.]);
        assert_eq!(grad_weight.data.0[0], [13.5, 14.5, 15.5]);
        assert_eq!(grad_weight.data.0[1], [0.5, 0.5, 0.5]);
    }

    struct Both<'a, const BATCH: usize> {
        weight: &'a SMatrix<f32, 3, 5>,
        input: &'a SMatrix<u8, BATCH, 2>,
        output: &'a mut SMatrix<f32, BATCH, 6>,
        grad_output: &'a SMatrix<f32, BATCH, 6>,
        grad_weight: &'a mut SMatrix<f32, 3, 5>,
    }

    impl<const BATCH: usize> Kernel for Both<'_, BATCH> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            forward(isa, self.weight, self.input, self.output);
            backward_parameters(isa, self.input, self.grad_output, self.grad_weight);
        }
    }

    /// ⟨forward(weight), v⟩ = ⟨weight, backward(v)⟩, as forward is linear in the weight.
    fn check_adjoint<const BATCH: usize>() {
        let input = SMatrix::<u8, BATCH, 2>::from_fn(|row, step| ((row * 7 + step * 3) % 5) as u8);
        let grad_output = SMatrix::<f32, BATCH, 6>::from_fn(|row, feature| ((row + 3 * feature) % 11) as f32 - 5.0);
        let weight: SMatrix<f32, 3, 5> = table().map(|value| value as f32);
        let mut output = SMatrix::zeros();
        let mut grad_weight = SMatrix::zeros();
        dispatch(Both {
            weight: &weight,
            input: &input,
            output: &mut output,
            grad_output: &grad_output,
            grad_weight: &mut grad_weight,
        });
        // Integers, exact in f32.
        assert_eq!(output.dot(&grad_output), weight.dot(&grad_weight));
    }

    #[test]
    fn backward_is_the_adjoint_of_forward() {
        check_adjoint::<1>();
        check_adjoint::<3>();
        check_adjoint::<4>();
        check_adjoint::<32>();
    }

    #[test]
    fn init_draws_every_entry_with_variance_one() {
        let mut weight = SMatrix::<f64, 50, 40>::zeros();
        init(&mut weight, &mut init::rng(1));
        assert!(weight.iter().all(|value| *value != 0.0));
        assert!(weight.mean().abs() < 0.1 && (weight.variance() - 1.0).abs() < 0.1);
    }
}
