use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Kernel, at_each_level, dispatch, in_place};

fn fill<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

struct Check<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize>;

impl<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize> Kernel
    for Check<BATCH, IN, OUT, N, M>
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let (weight, bias) = (fill::<OUT, IN>(1), fill::<OUT, 1>(2));
        let (input, grad_output) = (fill::<BATCH, N>(3), fill::<BATCH, M>(4));
        let (first_weight, first_bias) = (fill::<OUT, IN>(5), fill::<OUT, 1>(6));

        let (mut output, mut without_bias) = (fill::<BATCH, M>(7), fill::<BATCH, M>(8));
        forward(isa, &weight, Some(&bias), &input, &mut output);
        forward(isa, &weight, None, &input, &mut without_bias);
        let (mut grad_weight, mut grad_bias) = (first_weight, first_bias);
        backward_parameters(isa, &input, &grad_output, &mut grad_weight, Some(&mut grad_bias));
        let mut grad_input = fill::<BATCH, N>(9);
        backward_input(isa, &weight, &grad_output, &mut grad_input);

        let steps = N / IN;
        let (mut expected_weight, mut expected_bias) = (first_weight, first_bias);
        for step in 0..steps {
            let input = input.columns(step * IN, IN);
            let grad_output = grad_output.columns(step * OUT, OUT);
            let product = input * weight.transpose();
            close(&without_bias.columns(step * OUT, OUT), &product);
            close(&output.columns(step * OUT, OUT), &(product + SVector::<f64, BATCH>::repeat(1.0) * bias.transpose()));
            close(&grad_input.columns(step * IN, IN), &(grad_output * weight));
            expected_weight += grad_output.transpose() * input;
            expected_bias += grad_output.row_sum().transpose();
        }
        close(&grad_weight, &expected_weight);
        close(&grad_bias, &expected_bias);
    }
}

fn close<R: nalgebra::Dim, C: nalgebra::Dim, A, B, D: nalgebra::Dim>(
    actual: &nalgebra::Matrix<f64, R, C, A>,
    expected: &nalgebra::Matrix<f64, R, D, B>,
) where
    A: nalgebra::RawStorage<f64, R, C>,
    B: nalgebra::RawStorage<f64, R, D>,
{
    assert_eq!(actual.shape(), expected.shape());
    for (actual, expected) in actual.iter().zip(expected.iter()) {
        assert!((actual - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{actual} is not {expected}");
    }
}

fn check<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize>() {
    at_each_level(|| Check::<BATCH, IN, OUT, N, M>);
}

#[test]
fn agrees_with_matrix_products() {
    check::<1, 5, 7, 5, 7>();
    check::<1, 5, 1, 5, 1>();
    check::<1, 6, 3, 6, 3>();
    check::<1, 64, 10, 64, 10>();
    check::<1, 10, 64, 10, 64>();
    check::<1, 131, 37, 131, 37>();
    check::<3, 5, 7, 5, 7>();
    check::<4, 2, 8, 2, 8>();
    check::<8, 8, 1, 8, 1>();
    check::<20, 50, 33, 50, 33>();
    check::<32, 300, 10, 300, 10>();
    check::<33, 16, 17, 16, 17>();
    check::<64, 9, 12, 9, 12>();
}

#[test]
fn has_one_weight_for_all_steps() {
    check::<1, 3, 5, 12, 20>();
    check::<1, 131, 18, 393, 54>();
    check::<1, 1, 3, 7, 21>();
    check::<4, 3, 5, 12, 20>();
    check::<32, 7, 3, 35, 15>();
}

/// The output and the gradient of the input.
struct Passes<const BATCH: usize, const IN: usize, const OUT: usize>;

impl<const BATCH: usize, const IN: usize, const OUT: usize> Kernel for Passes<BATCH, IN, OUT> {
    type Output = (SMatrix<f32, BATCH, OUT>, SMatrix<f32, BATCH, IN>);

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let (weight, bias) = (fill::<OUT, IN>(1).cast(), fill::<OUT, 1>(2).cast());
        let (mut output, mut grad_input) = (SMatrix::zeros(), SMatrix::zeros());
        forward(isa, &weight, Some(&bias), &fill::<BATCH, IN>(3).cast(), &mut output);
        backward_input(isa, &weight, &fill::<BATCH, OUT>(4).cast(), &mut grad_input);
        (output, grad_input)
    }
}

fn check_in_place<const BATCH: usize, const IN: usize, const OUT: usize>() {
    assert_eq!(in_place(Passes::<BATCH, IN, OUT>), dispatch(Passes::<BATCH, IN, OUT>), "{BATCH} {IN} {OUT}");
}

#[test]
fn small_networks_compute_the_same_bits() {
    check_in_place::<4, 1, 2>();
    check_in_place::<4, 5, 6>();
    check_in_place::<4, 8, 9>();
    check_in_place::<4, 10, 12>();
    check_in_place::<4, 13, 16>();
    check_in_place::<5, 8, 8>();
    check_in_place::<8, 8, 8>();
}

#[test]
fn starts_within_pytorchs_bounds() {
    let (mut weight, mut bias) = (SMatrix::<f64, 40, 25>::zeros(), SVector::<f64, 40>::zeros());
    init(&mut weight, Some(&mut bias), &mut rng(1));
    assert!(weight.iter().chain(&bias).all(|value| value.abs() <= 0.2));
    assert!(weight.amax() > 0.19 && bias.amax() > 0.15);
}
