//! Normalisation of each channel by its mean and variance over the mini-batch. PyTorch: `torch.nn.BatchNorm1d(C, eps, momentum)`.
//!
//! In training, over the `n = rows · length` values of a channel:
//!
//! ```text
//! mean   = Σ input / n                              [C]
//! var    = Σ (input - mean)² / n                    [C]   biased
//! rstd   = 1 / sqrt(var + eps)                      [C]
//! norm   = (input - mean) · rstd                    [BATCH, C, length]
//! output = norm · weight + bias                     [BATCH, C, length]
//! ```
//!
//! In evaluation `mean` and `var` are `running_mean` and `running_var`. A sample is `[C]` (its length is 1) or `[C, length]`.
//! The statistics are those of the tile, so a mini-batch must be one tile; rows that are padding do not count.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ grad_output · norm               over n
//! grad_bias   += Σ grad_output                      over n
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                          term 1: through norm
//!                        - mean(grad_norm)                  term 2: through mean
//!                        - norm · mean(grad_norm · norm))   term 3: through var
//! ```
//!
//! In evaluation only term 1 remains. `running_mean` and `running_var` have no gradient: in training their place in it
//! takes the change that the update adds,
//!
//! ```text
//! grad_running_mean += momentum · (mean - running_mean)
//! grad_running_var  += momentum · (var · n / (n - 1) - running_var)   unbiased
//! ```
//!
//! Of a single value, whose unbiased variance does not exist (PyTorch refuses it), the variance counts as 0.
//!
//! Cached in training: `mean` and `var`. `norm` is computed again: a multiply-add for each value instead of its memory.

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::init;
use crate::kernels::{Isa, Kernel};
use crate::network::Pass;
use crate::scalar::Scalar;

/// Weights and variances 1, biases and means 0: nothing is drawn.
pub fn init<T: Scalar, const C: usize>(
    weight: &mut SVector<T, C>,
    bias: &mut SVector<T, C>,
    running_mean: &mut SVector<T, C>,
    running_var: &mut SVector<T, C>,
    _rng: &mut (impl Rng + ?Sized),
) {
    init::constant(weight.data.0.as_flattened_mut(), 1.0);
    init::constant(bias.data.0.as_flattened_mut(), 0.0);
    init::constant(running_mean.data.0.as_flattened_mut(), 0.0);
    init::constant(running_var.data.0.as_flattened_mut(), 1.0);
}

/// Overwrites `output`, and in training `cache` with the mean and the variance of each channel.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    eps: f64,
    weight: &SVector<T, C>,
    bias: &SVector<T, C>,
    running_mean: &SVector<T, C>,
    running_var: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, C, 2>,
    pass: Pass,
) {
    if pass.training {
        isa.call(Measure { count: Count::of::<BATCH, N, C>(pass), input: &input.data.0, cache: &mut cache.data.0 });
    }
    let statistics = Statistics::of(eps, running_mean, running_var, cache, pass);
    isa.call(Normalise { statistics, weight, bias, input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `output`, in evaluation mode.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    eps: f64,
    weight: &SVector<T, C>,
    bias: &SVector<T, C>,
    running_mean: &SVector<T, C>,
    running_var: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    let statistics = Statistics::running(eps, running_mean, running_var);
    isa.call(Normalise { statistics, weight, bias, input: &input.data.0, output: &mut output.data.0 });
}

/// Adds to `grad_weight` and `grad_bias`, and in training the change of the running statistics to
/// `grad_running_mean` and `grad_running_var`.
pub fn backward_parameters<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    eps: f64,
    momentum: f64,
    running_mean: &SVector<T, C>,
    running_var: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, C, 2>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SVector<T, C>,
    grad_bias: &mut SVector<T, C>,
    grad_running_mean: &mut SVector<T, C>,
    grad_running_var: &mut SVector<T, C>,
    pass: Pass,
) {
    let count = Count::of::<BATCH, N, C>(pass);
    let statistics = Statistics::of(eps, running_mean, running_var, cache, pass);
    let (input, grad_output) = (&input.data.0, &grad_output.data.0);
    isa.call(AddSums { count, statistics, input, grad_output, grad_weight, grad_bias });
    if pass.training {
        let [mean, var] = &cache.data.0;
        let momentum = T::from_f64(momentum);
        for ((change, &running), &mean) in grad_running_mean.iter_mut().zip(running_mean).zip(mean) {
            *change += momentum * (mean - running);
        }
        for ((change, &running), &var) in grad_running_var.iter_mut().zip(running_var).zip(var) {
            *change += momentum * (var * count.unbiased() - running);
        }
    }
}

/// Overwrites the input with the gradient of the loss with respect to it.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    eps: f64,
    weight: &SVector<T, C>,
    running_mean: &SVector<T, C>,
    running_var: &SVector<T, C>,
    cache: &SMatrix<T, C, 2>,
    grad_output: &SMatrix<T, BATCH, N>,
    input_then_grad: &mut SMatrix<T, BATCH, N>,
    pass: Pass,
) {
    let count = Count::of::<BATCH, N, C>(pass);
    let statistics = Statistics::of(eps, running_mean, running_var, cache, pass);
    let (grad_output, input_then_grad) = (&grad_output.data.0, &mut input_then_grad.data.0);
    isa.call(InputGradient { is_training: pass.training, count, statistics, weight, grad_output, input_then_grad });
}

/// The values of a channel that count: the first `rows` of each of its `length` lanes.
#[derive(Clone, Copy)]
struct Count {
    rows: usize,
    length: usize,
}

impl Count {
    fn of<const BATCH: usize, const N: usize, const C: usize>(pass: Pass) -> Self {
        const { assert!(C > 0 && N.is_multiple_of(C), "batch normalisation is of whole channels") }
        Self { rows: BATCH.min(pass.rows as usize), length: N / C }
    }

    fn total<T: Scalar>(self) -> T {
        T::from_f64((self.rows * self.length).max(1) as f64)
    }

    /// `n / (n - 1)`
    fn unbiased<T: Scalar>(self) -> T {
        let total = self.total::<T>();
        if total > T::ONE { total / (total - T::ONE) } else { T::ONE }
    }
}

/// The mean and the variance that each channel is normalised with.
#[derive(Clone, Copy)]
struct Statistics<'a, T, const C: usize> {
    mean: &'a [T; C],
    var: &'a [T; C],
    eps: T,
}

impl<'a, T: Scalar, const C: usize> Statistics<'a, T, C> {
    fn running(eps: f64, mean: &'a SVector<T, C>, var: &'a SVector<T, C>) -> Self {
        let ([mean], [var]) = (&mean.data.0, &var.data.0);
        Self { mean, var, eps: T::from_f64(eps) }
    }

    fn of(
        eps: f64,
        running_mean: &'a SVector<T, C>,
        running_var: &'a SVector<T, C>,
        cache: &'a SMatrix<T, C, 2>,
        pass: Pass,
    ) -> Self {
        let [mean, var] = &cache.data.0;
        let running = Self::running(eps, running_mean, running_var);
        if pass.training { Self { mean, var, ..running } } else { running }
    }

    /// The mean and `rstd` of each channel.
    #[inline(always)]
    fn channels(self) -> impl Iterator<Item = (T, T)> {
        self.mean.iter().zip(self.var).map(move |(&mean, &var)| (mean, T::ONE / (var + self.eps).sqrt()))
    }
}

struct Measure<'a, T, const BATCH: usize, const C: usize> {
    count: Count,
    input: &'a [[T; BATCH]],
    cache: &'a mut [[T; C]; 2],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for Measure<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let total = self.count.total::<T>();
        let [means, vars] = self.cache;
        let channels = self.input.chunks_exact(self.count.length.max(1));
        for ((lanes, mean_slot), var_slot) in channels.zip(means).zip(vars) {
            let mut sums = [T::ZERO; BATCH];
            for lane in lanes {
                for (sum, &value) in sums.iter_mut().zip(lane) {
                    *sum += value;
                }
            }
            let mean = sum_rows(&sums, self.count.rows) / total;
            let mut squares = [T::ZERO; BATCH];
            for lane in lanes {
                for (sum, &value) in squares.iter_mut().zip(lane) {
                    *sum = isa.mul_add(value - mean, value - mean, *sum);
                }
            }
            *mean_slot = mean;
            *var_slot = sum_rows(&squares, self.count.rows) / total;
        }
    }
}

struct Normalise<'a, T, const BATCH: usize, const C: usize> {
    statistics: Statistics<'a, T, C>,
    weight: &'a SVector<T, C>,
    bias: &'a SVector<T, C>,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for Normalise<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = (self.input.len() / C.max(1)).max(1);
        let lanes = self.input.chunks_exact(length).zip(self.output.chunks_exact_mut(length));
        let ([weight], [bias]) = (&self.weight.data.0, &self.bias.data.0);
        let channels = self.statistics.channels().zip(weight).zip(bias);
        for ((input, output), (((mean, rstd), &weight), &bias)) in lanes.zip(channels) {
            let scale = weight * rstd;
            for (output, &value) in output.as_flattened_mut().iter_mut().zip(input.as_flattened()) {
                *output = isa.mul_add(value - mean, scale, bias);
            }
        }
    }
}

struct AddSums<'a, T, const BATCH: usize, const C: usize> {
    count: Count,
    statistics: Statistics<'a, T, C>,
    input: &'a [[T; BATCH]],
    grad_output: &'a [[T; BATCH]],
    grad_weight: &'a mut SVector<T, C>,
    grad_bias: &'a mut SVector<T, C>,
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for AddSums<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = self.count.length.max(1);
        let lanes = self.input.chunks_exact(length).zip(self.grad_output.chunks_exact(length));
        let ([grad_weight], [grad_bias]) = (&mut self.grad_weight.data.0, &mut self.grad_bias.data.0);
        let gradients = grad_weight.iter_mut().zip(grad_bias);
        for (((input, grad_output), (mean, rstd)), (grad_weight, grad_bias)) in
            lanes.zip(self.statistics.channels()).zip(gradients)
        {
            let [sum, moment] = gradient_sums(isa, self.count, mean, input, grad_output);
            *grad_weight += rstd * moment;
            *grad_bias += sum;
        }
    }
}

struct InputGradient<'a, T, const BATCH: usize, const C: usize> {
    is_training: bool,
    count: Count,
    statistics: Statistics<'a, T, C>,
    weight: &'a SVector<T, C>,
    grad_output: &'a [[T; BATCH]],
    input_then_grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for InputGradient<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = self.count.length.max(1);
        let lanes = self.grad_output.chunks_exact(length).zip(self.input_then_grad.chunks_exact_mut(length));
        let [weight] = &self.weight.data.0;
        for (((grad_output, input_then_grad), (mean, rstd)), &weight) in
            lanes.zip(self.statistics.channels()).zip(weight)
        {
            let [sum, moment] = if self.is_training {
                gradient_sums(isa, self.count, mean, input_then_grad, grad_output)
            } else {
                [T::ZERO; 2]
            };
            // through_var · (input - mean) = norm · mean(grad_output · norm)
            let through_mean = sum / self.count.total();
            let through_var = moment * rstd * rstd / self.count.total();
            let scale = weight * rstd;
            for (value, &grad) in input_then_grad.as_flattened_mut().iter_mut().zip(grad_output.as_flattened()) {
                let term1_2 = grad - through_mean;
                *value = scale * isa.mul_add(mean - *value, through_var, term1_2);
            }
            for lane in input_then_grad {
                lane.get_mut(self.count.rows..).unwrap_or_default().fill(T::ZERO);
            }
        }
    }
}

/// `[Σ grad_output, Σ grad_output · (input - mean)]` over the values of one channel.
#[inline(always)]
fn gradient_sums<T: Scalar, I: Isa, const BATCH: usize>(
    isa: I,
    count: Count,
    mean: T,
    input: &[[T; BATCH]],
    grad_output: &[[T; BATCH]],
) -> [T; 2] {
    let (mut sums, mut moments) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
    for (input, grad_output) in input.iter().zip(grad_output) {
        for (((sum, moment), &value), &grad) in sums.iter_mut().zip(&mut moments).zip(input).zip(grad_output) {
            *sum += grad;
            *moment = isa.mul_add(grad, value - mean, *moment);
        }
    }
    [sum_rows(&sums, count.rows), sum_rows(&moments, count.rows)]
}

/// The sum of the first `rows` lanes, in an order that does not depend on `BATCH`.
#[inline(always)]
fn sum_rows<T: Scalar, const BATCH: usize>(lanes: &[T; BATCH], rows: usize) -> T {
    let (chunks, rest) = lanes.get(..rows).unwrap_or(lanes).as_chunks::<8>();
    let mut sums = [T::ZERO; 8];
    for chunk in chunks {
        for (sum, &value) in sums.iter_mut().zip(chunk) {
            *sum += value;
        }
    }
    for (sum, &value) in sums.iter_mut().zip(rest) {
        *sum += value;
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[cfg(test)]
mod tests;
