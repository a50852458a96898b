use nalgebra::{SMatrix, SVector};

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Portable, dispatch};

const EPS: f64 = 1e-5;

/// Rows of five columns with a weight each, with and without a mean; two groups of three channels of two columns.
const ROWS: Groups = Groups { size: 5, length: 1, weights: 5, is_centred: true };
const SQUARES: Groups = Groups { is_centred: false, ..ROWS };
const CHANNELS: Groups = Groups { size: 6, length: 2, weights: 6, is_centred: true };

/// A batch, and everything that a step makes of it.
#[derive(Clone)]
struct Step<const BATCH: usize, const N: usize> {
    groups: Groups,
    weight: SVector<f64, 6>,
    bias: SVector<f64, 6>,
    input: SMatrix<f64, BATCH, N>,
    grad_output: SMatrix<f64, BATCH, N>,
    output: SMatrix<f64, BATCH, N>,
    cache: SMatrix<f64, BATCH, N>,
    grad_weight: SVector<f64, 6>,
    grad_bias: SVector<f64, 6>,
    grad_input: SMatrix<f64, BATCH, N>,
}

impl<const BATCH: usize, const N: usize> Step<BATCH, N> {
    fn new(groups: Groups) -> Self {
        let mut rng = rng(5);
        let mut number = || 4.0 * unit(&mut rng) - 1.5;
        Self {
            groups,
            weight: SVector::from_fn(|_, _| number()),
            bias: SVector::from_fn(|_, _| number()),
            // each sample is drawn after the one before it, whatever the size of the batch
            input: SMatrix::<f64, N, BATCH>::from_fn(|_, _| number()).transpose(),
            grad_output: SMatrix::from_fn(|row, column| ((row * 11 + column * 5) % 13) as f64 / 6.0 - 1.0),
            output: SMatrix::repeat(99.0),
            cache: SMatrix::repeat(99.0),
            grad_weight: SVector::zeros(),
            grad_bias: SVector::zeros(),
            grad_input: SMatrix::repeat(99.0),
        }
    }

    fn done(mut self) -> Self {
        dispatch(&mut self);
        self
    }

    /// The loss whose gradient with respect to the output is `grad_output`.
    fn loss(&self) -> f64 {
        self.output.dot(&self.grad_output)
    }
}

impl<const BATCH: usize, const N: usize> Kernel for &mut Step<BATCH, N> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Step { groups, weight, bias, input, grad_output, cache, .. } = self;
        let (groups, input, grad_output) = (*groups, &input.data.0, &grad_output.data.0);
        let (weight, bias) = (&weight.as_slice()[..groups.weights], &bias.as_slice()[..groups.weights]);
        let kept = &mut cache.data.0[..N / groups.size * groups.kept()];
        isa.call(Normalise { groups, eps: EPS, weight, bias, input, output: &mut self.output.data.0, cache: kept });
        let grad_weight = &mut self.grad_weight.as_mut_slice()[..groups.weights];
        let grad_bias = &mut self.grad_bias.as_mut_slice()[..groups.weights];
        isa.call(AddSums { groups, input, cache: kept, grad_output, grad_weight, grad_bias });
        self.grad_input = self.input;
        isa.call(InputGradient {
            groups,
            weight,
            cache: kept,
            grad_output,
            input_then_grad: &mut self.grad_input.data.0,
        });
    }
}

fn assert_near(actual: f64, expected: f64, what: &str) {
    assert!((actual - expected).abs() < 1e-7 * (1.0 + expected.abs()), "{what}: {actual}, expected {expected}");
}

fn check_gradients<const BATCH: usize, const N: usize>(groups: Groups) {
    let difference = |nudge: &dyn Fn(&mut Step<BATCH, N>, f64)| {
        let [above, below] = [1e-5, -1e-5].map(|by| {
            let mut step = Step::new(groups);
            nudge(&mut step, by);
            step.done().loss()
        });
        (above - below) / 2e-5
    };
    let step = Step::<BATCH, N>::new(groups).done();
    for index in 0..groups.weights {
        assert_near(step.grad_weight[index], difference(&|step, by| step.weight[index] += by), "weight");
        assert_near(step.grad_bias[index], difference(&|step, by| step.bias[index] += by), "bias");
    }
    for index in 0..BATCH * N {
        assert_near(step.grad_input[index], difference(&|step, by| step.input[index] += by), "input");
    }
}

#[test]
fn gradients_agree_with_differences() {
    for groups in [ROWS, SQUARES] {
        check_gradients::<1, 5>(groups);
        check_gradients::<3, 20>(groups);
        check_gradients::<4, 15>(groups);
        check_gradients::<32, 10>(groups);
    }
    check_gradients::<1, 12>(CHANNELS);
    check_gradients::<3, 12>(CHANNELS);
    check_gradients::<4, 12>(CHANNELS);
    check_gradients::<32, 12>(CHANNELS);
}

#[test]
fn a_batch_is_its_samples() {
    for groups in [Groups { size: 20, length: 4, ..ROWS }, SQUARES, Groups { length: 4, weights: 5, size: 4, ..ROWS }] {
        let batch = Step::<11, 20>::new(groups).done();
        for row in 0..11 {
            let mut single = Step::<1, 20>::new(groups);
            single.input = batch.input.row(row).into();
            single.grad_output = batch.grad_output.row(row).into();
            let single = single.done();
            assert!((single.output - batch.output.row(row)).amax() < 1e-12);
            assert!((single.grad_input - batch.grad_input.row(row)).amax() < 1e-12);
        }
    }
}

#[test]
fn both_levels_agree() {
    for groups in [ROWS, SQUARES, Groups { size: 10, length: 2, weights: 5, is_centred: true }] {
        let dispatched = Step::<7, 20>::new(groups).done();
        let mut portable = Step::<7, 20>::new(groups);
        Kernel::run(&mut portable, Portable);
        assert!((portable.output - dispatched.output).amax() < 1e-12);
        assert!((portable.grad_input - dispatched.grad_input).amax() < 1e-12);
        assert!((portable.grad_weight - dispatched.grad_weight).amax() < 1e-12);
    }
}

#[test]
fn gradients_are_added_to() {
    let once = Step::<3, 20>::new(ROWS).done();
    let twice = once.clone().done();
    assert!((twice.grad_weight - once.grad_weight * 2.0).amax() < 1e-12);
    assert!((twice.grad_bias - once.grad_bias * 2.0).amax() < 1e-12);
}

#[test]
fn equal_values_give_the_bias() {
    let mut step = Step::<3, 20>::new(ROWS);
    step.input.fill(0.1);
    let step = step.done();
    for (column, lane) in step.output.column_iter().enumerate() {
        assert!(lane.iter().all(|value| (value - step.bias[column % 5]).abs() < 1e-12));
    }
}

/// The same values in `f32` and in `f64`: 10,000 and up to one more.
fn check_large_mean<const BATCH: usize>() {
    const SIZE: usize = 1024;
    let groups = Groups { size: SIZE, length: 1, weights: SIZE, is_centred: true };
    let input =
        SMatrix::<f32, BATCH, SIZE>::from_fn(|row, column| 1e4 + ((row * 131 + column * 29) % 64) as f32 / 64.0);
    let (mut output, mut cache) = (SMatrix::<f32, BATCH, SIZE>::zeros(), SMatrix::<f32, BATCH, 2>::zeros());
    Portable.call(Normalise {
        groups,
        eps: 1e-5,
        weight: &[1.0; SIZE],
        bias: &[],
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut cache.data.0,
    });
    for row in 0..BATCH {
        let exact = input.row(row).map(f64::from);
        let (mean, rstd) = (exact.mean(), 1.0 / (exact.variance() + EPS).sqrt());
        assert!((f64::from(cache[(row, 0)]) / rstd - 1.0).abs() < 1e-5);
        // the mean itself is rounded
        let tolerance = rstd * f64::from(f32::EPSILON) * 8192.0 / 2.0 + 1e-5;
        for (value, output) in exact.iter().zip(output.row(row).iter()) {
            assert!(((value - mean) * rstd - f64::from(*output)).abs() < tolerance);
        }
    }
}

#[test]
fn a_large_mean_does_not_drown_the_variance() {
    check_large_mean::<1>();
    check_large_mean::<3>();
    check_large_mean::<9>();
}
