use super::*;
use crate::kernels::{Kernel, Portable, dispatch};

const EPS: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;
const C: usize = 3;

/// A layer with odd parameters and a batch, and everything that a training step makes of it.
struct Step<const BATCH: usize, const N: usize> {
    weight: SVector<f64, C>,
    bias: SVector<f64, C>,
    running_mean: SVector<f64, C>,
    running_var: SVector<f64, C>,
    input: SMatrix<f64, BATCH, N>,
    grad_output: SMatrix<f64, BATCH, N>,
    pass: Pass,
    output: SMatrix<f64, BATCH, N>,
    inferred: SMatrix<f64, BATCH, N>,
    grad_weight: SVector<f64, C>,
    grad_bias: SVector<f64, C>,
    grad_running_mean: SVector<f64, C>,
    grad_running_var: SVector<f64, C>,
    grad_input: SMatrix<f64, BATCH, N>,
}

impl<const BATCH: usize, const N: usize> Step<BATCH, N> {
    fn new(pass: Pass) -> Self {
        let input = SMatrix::from_fn(|row, feature| ((row * 17 + feature * 29) % 31) as f64 / 7.0 - 1.5);
        let grad_output = SMatrix::from_fn(|row, feature| {
            if row < pass.rows as usize { ((row * 11 + feature * 5) % 13) as f64 / 6.0 - 1.0 } else { 0.0 }
        });
        Self {
            weight: SVector::from([0.7, -1.3, 2.0]),
            bias: SVector::from([0.1, 0.0, -0.4]),
            running_mean: SVector::from([0.3, -0.2, 1.0]),
            running_var: SVector::from([1.5, 0.6, 2.5]),
            input,
            grad_output,
            pass,
            output: SMatrix::repeat(99.0),
            inferred: SMatrix::repeat(99.0),
            grad_weight: SVector::zeros(),
            grad_bias: SVector::zeros(),
            grad_running_mean: SVector::zeros(),
            grad_running_var: SVector::zeros(),
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
        let Step { weight, bias, running_mean: mean, running_var: var, input, grad_output, pass, .. } = self;
        let mut cache = SMatrix::repeat(99.0);
        forward(isa, EPS, weight, bias, mean, var, input, &mut self.output, &mut cache, *pass);
        infer(isa, EPS, weight, bias, mean, var, input, &mut self.inferred);
        let (grad_weight, grad_bias) = (&mut self.grad_weight, &mut self.grad_bias);
        let (grad_mean, grad_var) = (&mut self.grad_running_mean, &mut self.grad_running_var);
        backward_parameters(
            isa,
            EPS,
            MOMENTUM,
            mean,
            var,
            input,
            &cache,
            grad_output,
            grad_weight,
            grad_bias,
            grad_mean,
            grad_var,
            *pass,
        );
        self.grad_input = *input;
        backward_input(isa, EPS, weight, mean, var, &cache, grad_output, &mut self.grad_input, *pass);
    }
}

fn difference<const BATCH: usize, const N: usize>(pass: Pass, nudge: impl Fn(&mut Step<BATCH, N>, f64)) -> f64 {
    let [above, below] = [1e-5, -1e-5].map(|by| {
        let mut step = Step::new(pass);
        nudge(&mut step, by);
        step.done().loss()
    });
    (above - below) / 2e-5
}

fn assert_near(actual: f64, expected: f64, what: &str) {
    assert!((actual - expected).abs() < 1e-7 * (1.0 + expected.abs()), "{what}: {actual}, expected {expected}");
}

fn check_gradients<const BATCH: usize, const N: usize>(pass: Pass) {
    let step = Step::<BATCH, N>::new(pass).done();
    for channel in 0..C {
        let expected = difference::<BATCH, N>(pass, |step, by| step.weight[channel] += by);
        assert_near(step.grad_weight[channel], expected, "weight");
        let expected = difference::<BATCH, N>(pass, |step, by| step.bias[channel] += by);
        assert_near(step.grad_bias[channel], expected, "bias");
    }
    for index in 0..BATCH * N {
        let expected = difference::<BATCH, N>(pass, |step, by| step.input[index] += by);
        assert_near(step.grad_input[index], expected, "input");
    }
}

#[test]
fn gradients_agree_with_differences() {
    check_gradients::<3, 3>(Pass::training(0, 3));
    check_gradients::<4, 15>(Pass::training(0, 4));
    check_gradients::<1, 15>(Pass::training(0, 1));
    check_gradients::<32, 6>(Pass::training(0, 32));
}

#[test]
fn gradients_agree_with_differences_when_rows_are_padding() {
    check_gradients::<4, 3>(Pass::training(0, 3));
    check_gradients::<32, 6>(Pass::training(0, 13));
}

#[test]
fn gradients_agree_with_differences_in_evaluation_mode() {
    check_gradients::<1, 3>(Pass::training(0, 1).evaluation());
    check_gradients::<3, 15>(Pass::training(0, 3).evaluation());
}

#[test]
fn a_channel_is_normalised_by_hand() {
    // Channel 0 holds 1, 2, 3 and 6: mean 3, biased variance 3.5, unbiased 14/3.
    let mut step = Step::<2, 6>::new(Pass::training(0, 2));
    step.input[(0, 0)] = 1.0;
    step.input[(0, 1)] = 2.0;
    step.input[(1, 0)] = 3.0;
    step.input[(1, 1)] = 6.0;
    let step = step.done();
    let rstd = 1.0 / (3.5_f64 + EPS).sqrt();
    for (index, value) in [((0, 0), 1.0), ((0, 1), 2.0), ((1, 0), 3.0), ((1, 1), 6.0)] {
        assert_near(step.output[index], (value - 3.0) * rstd * 0.7 + 0.1, "output");
        assert_near(step.inferred[index], (value - 0.3) / (1.5 + EPS).sqrt() * 0.7 + 0.1, "inferred");
    }
    assert_near(step.grad_running_mean[0], 0.1 * (3.0 - 0.3), "change of the running mean");
    assert_near(step.grad_running_var[0], 0.1 * (14.0 / 3.0 - 1.5), "change of the running variance");
}

#[test]
fn padding_rows_count_for_nothing() {
    let exact = Step::<5, 6>::new(Pass::training(0, 5)).done();
    let padded = Step::<8, 6>::new(Pass::training(0, 5)).done();
    assert_eq!(exact.output, padded.output.fixed_rows::<5>(0));
    assert_eq!(exact.grad_input, padded.grad_input.fixed_rows::<5>(0));
    assert_eq!(padded.grad_input.fixed_rows::<3>(5), SMatrix::<f64, 3, 6>::zeros());
    assert_eq!((exact.grad_weight, exact.grad_bias), (padded.grad_weight, padded.grad_bias));
    assert_eq!(exact.grad_running_mean, padded.grad_running_mean);
    assert_eq!(exact.grad_running_var, padded.grad_running_var);
}

#[test]
fn evaluation_uses_the_running_statistics_and_leaves_them() {
    let step = Step::<3, 6>::new(Pass::training(0, 3).evaluation()).done();
    assert_eq!(step.output, step.inferred);
    assert_eq!(step.grad_running_mean, SVector::<f64, C>::zeros());
    assert_eq!(step.grad_running_var, SVector::<f64, C>::zeros());
}

#[test]
fn gradients_are_added_to() {
    let once = Step::<3, 6>::new(Pass::training(0, 3)).done();
    let mut twice = Step::<3, 6>::new(Pass::training(0, 3)).done();
    dispatch(&mut twice);
    assert_eq!(twice.grad_weight, once.grad_weight * 2.0);
    assert_eq!(twice.grad_bias, once.grad_bias * 2.0);
    assert_eq!(twice.grad_running_var, once.grad_running_var * 2.0);
}

#[test]
fn a_single_value_gives_the_bias() {
    let step = Step::<1, 3>::new(Pass::training(0, 1)).done();
    assert_eq!(step.output.transpose(), step.bias);
    assert_eq!(step.grad_input, SMatrix::<f64, 1, 3>::zeros());
    assert_eq!(step.grad_running_var, -step.running_var * MOMENTUM);
}

#[test]
fn a_large_mean_does_not_drown_the_variance() {
    const LENGTH: usize = 784;
    let input = SMatrix::<f32, 8, LENGTH>::from_fn(|row, column| 1e4 + ((row * 131 + column * 29) % 64) as f32 / 64.0);
    let (one, zero) = (SVector::<f32, 1>::repeat(1.0), SVector::<f32, 1>::zeros());
    let (mut output, mut cache) = (SMatrix::<f32, 8, LENGTH>::zeros(), SMatrix::zeros());
    forward(Portable, EPS, &one, &zero, &zero, &one, &input, &mut output, &mut cache, Pass::training(0, 8));
    let exact = input.map(f64::from);
    let (mean, rstd) = (exact.mean(), 1.0 / (exact.variance() + EPS).sqrt());
    // the mean itself is rounded
    let tolerance = rstd * f64::from(f32::EPSILON) * 8192.0 / 2.0 + 1e-5;
    for (value, output) in exact.iter().zip(&output) {
        assert!(((value - mean) * rstd - f64::from(*output)).abs() < tolerance);
    }
    assert!((f64::from(cache.data.0[1][0]) / exact.variance() - 1.0).abs() < 1e-5);
}

#[test]
fn init_is_the_identity_in_evaluation_mode() {
    let mut parts = [SVector::<f32, C>::repeat(9.0); 4];
    let [weight, bias, mean, var] = &mut parts;
    init(weight, bias, mean, var, &mut crate::init::rng(0));
    assert_eq!(parts, [1.0, 0.0, 0.0, 1.0].map(SVector::<f32, C>::repeat));
}
