//! Pools, softmax, dropout and prelu at the ends of the range: sums that overflow while their mean does not, infinities, NaN, and
//! divisors that would be 0.

#![expect(clippy::float_cmp, reason = "infinities, zeros and exact results are compared")]

use nalgebra::{SMatrix, SVector};
use nn_runtime::Pass;
use nn_runtime::kernels::{Isa, Kernel, Portable, Window2d, dispatch};
use nn_runtime::layers::{
    avg_pool2d, dropout, global_avg_pool, global_max_pool, log_softmax, max_pool2d, mean, prelu, softmax,
};
use nn_runtime::scalar::Scalar;

/// Runs the work of `$isa` at both levels of the machine.
macro_rules! at_both_levels {
    ($isa:ident => $work:block) => {{
        struct Work;

        impl Kernel for Work {
            type Output = ();

            fn run<I: Isa>(self, $isa: I) $work
        }

        Work.run(Portable);
        dispatch(Work);
    }};
}

/// A window of 2x2 over an image of 4x8 of each of two channels.
const SQUARES: Window2d = Window2d {
    channels: 2,
    input: [4, 8],
    output: [2, 4],
    kernel: [2, 2],
    stride: [2, 2],
    padding: [0, 0],
    dilation: [1, 1],
};
/// The same with padding all around.
const PADDED: Window2d = Window2d { output: [3, 5], padding: [1, 1], ..SQUARES };

fn check_average<T: Scalar, const BATCH: usize, const M: usize>(isa: impl Isa, window: Window2d, most: T) {
    // as large as they may be, one of them not finite, in the second lane if there is one
    let mut input = SMatrix::<T, BATCH, 64>::from([[most; BATCH]; 64]);
    for (wrong, is_right) in [
        (most, (|mean, most| mean == most) as fn(f64, f64) -> bool),
        (T::from_f64(f64::INFINITY), |mean, _| mean == f64::INFINITY),
        (T::from_f64(f64::NAN), |mean, _| mean.is_nan()),
    ] {
        input[(BATCH - 1, 0)] = wrong;
        let mut output = SMatrix::<T, BATCH, M>::from([[T::ZERO; BATCH]; M]);
        avg_pool2d::forward(isa, window, None, &input, &mut output);
        for (place, mean) in output.iter().enumerate() {
            let mean = mean.to_f64();
            assert!(
                if place == BATCH - 1 { is_right(mean, most.to_f64()) } else { mean == most.to_f64() },
                "{place}: {mean:e}"
            );
        }
        let mut output = SMatrix::<T, BATCH, 2>::from([[T::ZERO; BATCH]; 2]);
        global_avg_pool::forward(isa, &input, &mut output);
        assert!(is_right(output[(BATCH - 1, 0)].to_f64(), most.to_f64()), "{output}");
        assert!(output[(0, 1)] == most, "{output}");
        let mut output = SMatrix::<T, BATCH, 8>::from([[T::ZERO; BATCH]; 8]);
        mean::forward(isa, mean::Whole, &input, &mut output);
        assert!(is_right(output[(BATCH - 1, 0)].to_f64(), most.to_f64()), "{output}");
        assert!((1..8).all(|feature| output[(0, feature)] == most), "{output}");
    }
}

#[test]
fn a_mean_is_finite_where_its_sum_overflows() {
    at_both_levels!(isa => {
        check_average::<f32, 1, 16>(isa, SQUARES, f32::MAX);
        check_average::<f32, 1, 30>(isa, PADDED, f32::MAX);
        check_average::<f32, 5, 16>(isa, SQUARES, -f32::MAX / 3.0);
        check_average::<f64, 1, 30>(isa, PADDED, -f64::MAX);
        check_average::<f64, 3, 16>(isa, SQUARES, f64::MAX);
    });
}

/// One row of windows of a single point: the outer ones hold nothing but padding.
#[test]
fn a_window_in_the_padding_has_the_mean_zero_and_the_maximum_of_nothing() {
    const WINDOW: Window2d = Window2d {
        channels: 1,
        input: [1, 2],
        output: [1, 4],
        kernel: [1, 1],
        stride: [1, 1],
        padding: [0, 1],
        dilation: [1, 1],
    };
    at_both_levels!(isa => {
        let input = SMatrix::<f32, 1, 2>::new(-3.0, -5.0);
        let mut output = SMatrix::<f32, 1, 4>::repeat(9.0);
        avg_pool2d::forward(isa, WINDOW, None, &input, &mut output);
        assert_eq!(output.as_slice(), [0.0, -3.0, -5.0, 0.0]);
        let mut grad_input = input;
        avg_pool2d::backward_input(isa, WINDOW, None, &SMatrix::<f32, 1, 4>::repeat(1.0), &mut grad_input);
        assert_eq!(grad_input.as_slice(), [1.0, 1.0]);

        let (expected, mut cache) = ([f32::NEG_INFINITY, -3.0, -5.0, f32::NEG_INFINITY], SMatrix::<u8, 1, 4>::zeros());
        max_pool2d::forward(isa, WINDOW, &input, &mut output, &mut cache);
        assert_eq!(output.as_slice(), expected);
        output.fill(9.0);
        max_pool2d::infer(isa, WINDOW, &input, &mut output);
        assert_eq!(output.as_slice(), expected);
        max_pool2d::backward_input(isa, WINDOW, &cache, &SMatrix::<f32, 1, 4>::repeat(1.0), &mut grad_input);
        assert_eq!(grad_input.as_slice(), [1.0, 1.0]);
    });
}

#[test]
fn a_nan_is_the_maximum_and_so_is_nothing_but_minus_infinity() {
    at_both_levels!(isa => {
        for place in 0..4 {
            let mut input = SMatrix::<f32, 3, 64>::repeat(f32::INFINITY);
            input.column_mut(5).fill(f32::NEG_INFINITY);
            for place in [0, 1, 8, 9] {
                input[(2, place)] = f32::NEG_INFINITY;
            }
            input[(1, [0, 1, 8, 9][place])] = f32::NAN;
            let (mut output, mut cache) = (SMatrix::<f32, 3, 16>::zeros(), SMatrix::<u8, 3, 16>::zeros());
            max_pool2d::forward(isa, SQUARES, &input, &mut output, &mut cache);
            assert!(output[(1, 0)].is_nan() && output[(0, 0)] == f32::INFINITY && output[(2, 0)] == f32::NEG_INFINITY);
            max_pool2d::infer(isa, SQUARES, &input, &mut output);
            assert!(output[(1, 0)].is_nan() && output[(0, 0)] == f32::INFINITY && output[(2, 0)] == f32::NEG_INFINITY);
            let (mut output, mut cache) = (SMatrix::<f32, 3, 2>::zeros(), SMatrix::<f32, 3, 2>::zeros());
            global_max_pool::forward(isa, &input, &mut output, &mut cache);
            assert!(output[(1, 0)].is_nan() && output[(0, 0)] == f32::INFINITY);
        }
    });
}

/// Rows, with the outputs of softmax and of its logarithm, which are PyTorch's.
fn check_softmax<T: Scalar>(isa: impl Isa, most: f64) {
    const NONE: f64 = f64::NEG_INFINITY;
    const WRONG: [f64; 3] = [f64::NAN; 3];
    let half = -core::f64::consts::LN_2;
    let rows: [([f64; 3], [f64; 3], [f64; 3]); 8] = [
        ([most, -most, most], [0.5, 0.0, 0.5], [half, NONE, half]),
        ([-most, -most / 2.0, -most], [0.0, 1.0, 0.0], [-most / 2.0, 0.0, -most / 2.0]),
        ([NONE, 3.0, NONE], [0.0, 1.0, 0.0], [NONE, 0.0, NONE]),
        ([NONE, most, most], [0.0, 0.5, 0.5], [NONE, half, half]),
        ([0.0, 1e-320, -1e-320], [1.0 / 3.0; 3], [-(3.0_f64.ln()); 3]),
        ([NONE; 3], WRONG, WRONG),
        ([f64::INFINITY, 0.0, 1.0], WRONG, WRONG),
        ([0.0, f64::NAN, 1.0], WRONG, WRONG),
    ];
    let input = SMatrix::<T, 8, 3>::from_fn(|row, column| T::from_f64(rows[row].0[column]));
    let is_close = |actual: T, expected: f64| {
        let (actual, expected) = (actual.to_f64(), T::from_f64(expected).to_f64());
        actual == expected
            || (actual - expected).abs() < 2e-7 * expected.abs()
            || (actual.is_nan() && expected.is_nan())
    };
    let grads = [0.5, -2.0, 0.25];
    let grad_output = SMatrix::<T, 8, 3>::from_fn(|_, column| T::from_f64(grads[column]));
    let (mut all, mut grad_all) = (input, grad_output);
    softmax::forward(isa, 3, 1, &mut all);
    softmax::backward_input(isa, 3, 1, &all, &mut grad_all);
    let (mut logarithms, mut grad_logarithms) = (input, grad_output);
    log_softmax::forward(isa, 3, 1, &mut logarithms);
    log_softmax::backward_input(isa, 3, 1, &logarithms, &mut grad_logarithms);
    // the rows of one sample, along its first dimension
    let across = |matrix: &SMatrix<T, 8, 3>| SMatrix::<T, 1, 24>::from_fn(|_, index| matrix[index]);
    let (mut along, mut grad_along) = (across(&input), across(&grad_output));
    let (mut logarithms_along, mut grad_logarithms_along) = (along, grad_along);
    softmax::forward(isa, 3, 8, &mut along);
    softmax::backward_input(isa, 3, 8, &along, &mut grad_along);
    log_softmax::forward(isa, 3, 8, &mut logarithms_along);
    log_softmax::backward_input(isa, 3, 8, &logarithms_along, &mut grad_logarithms_along);
    for (row, (_, expected, expected_logarithms)) in rows.iter().enumerate() {
        // a single sample has loops of its own
        let mut single = SMatrix::<T, 1, 3>::from_fn(|_, column| input[(row, column)]);
        let mut single_logarithms = single;
        softmax::forward(isa, 3, 1, &mut single);
        log_softmax::forward(isa, 3, 1, &mut single_logarithms);
        let mean: f64 = expected.iter().zip(grads).map(|(output, grad)| output * grad).sum();
        let sum: f64 = grads.iter().sum();
        for column in 0..3 {
            let (grad, output) = (grads[column], expected[column]);
            let index = 8 * column + row;
            for (actual, expected) in [
                (all[(row, column)], output),
                (single[column], output),
                (logarithms[(row, column)], expected_logarithms[column]),
                (single_logarithms[column], expected_logarithms[column]),
                (grad_all[(row, column)], output * (grad - mean)),
                (grad_logarithms[(row, column)], grad - output * sum),
                (along[index], output),
                (logarithms_along[index], expected_logarithms[column]),
                (grad_along[index], output * (grad - mean)),
                (grad_logarithms_along[index], grad - output * sum),
            ] {
                assert!(is_close(actual, expected), "row {row}, column {column}: {actual:?} is not {expected:e}");
            }
        }
    }
}

#[test]
fn softmax_is_that_of_pytorch_at_any_spread() {
    at_both_levels!(isa => {
        check_softmax::<f32>(isa, f64::from(f32::MAX));
        check_softmax::<f64>(isa, f64::MAX);
    });
}

#[test]
fn dropout_of_everything_is_zero() {
    at_both_levels!(isa => {
        let mut value = SMatrix::<f32, 3, 5>::repeat(-7.0);
        dropout::forward(isa, 1.0, &mut value, Pass::training(1, 3));
        assert!(value.iter().all(|value| *value == 0.0), "{value}");
        value.fill(3.0);
        dropout::backward_input(isa, 1.0, &mut value, Pass::training(1, 3));
        assert!(value.iter().all(|value| *value == 0.0), "{value}");
    });
}

/// A unit that is not on the negative side has no part in the gradient of the slope, whatever its gradient is.
#[test]
fn an_infinite_gradient_reaches_no_slope_that_did_not_act() {
    at_both_levels!(isa => {
        let input = SMatrix::<f32, 2, 2>::new(5.0, -2.0, f32::INFINITY, -1.0);
        let grad_output = SMatrix::<f32, 2, 2>::new(f32::INFINITY, 3.0, 1.0, 0.5);
        let mut grad_weight = SVector::<f32, 1>::zeros();
        prelu::backward_parameters(isa, &input, &grad_output, &mut grad_weight);
        assert_eq!(grad_weight[0], -6.5);
    });
}
