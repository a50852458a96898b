//! The loops of batch normalisation: a channel at a time, each of its values once a pass.

use core::slice;

use nalgebra::SVector;

use super::super::extreme::{self, Scaled};
use super::{Count, Statistics, lanes};
use crate::kernels::{Isa, Kernel, sum_samples};
use crate::scalar::Scalar;

/// The mean and the variance of each channel.
pub(super) struct Measure<'a, T, const BATCH: usize, const C: usize> {
    pub(super) count: Count,
    pub(super) input: &'a [[T; BATCH]],
    pub(super) cache: &'a mut [[T; C]; 2],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for Measure<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let total = self.count.total::<T>();
        let [means, vars] = self.cache;
        let channels = self.input.chunks_exact(self.count.length.max(1));
        for ((values, mean_slot), var_slot) in channels.zip(means).zip(vars) {
            let mut sums = [T::ZERO; BATCH];
            for lane in values {
                for (sum, &value) in sums.iter_mut().zip(lane) {
                    *sum += value;
                }
            }
            let mean = sum_samples(&sums, self.count.rows) / total;
            let (mut differences, mut squares) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
            for lane in values {
                for ((sum, square), &value) in differences.iter_mut().zip(&mut squares).zip(lane) {
                    let difference = value - mean;
                    *sum += difference;
                    *square = isa.mul_add(difference, difference, *square);
                }
            }
            // what rounding has left between `mean` and the mean
            let rest = sum_samples(&differences, self.count.rows) / total;
            *mean_slot = mean + rest;
            let var = sum_samples(&squares, self.count.rows) / total - rest * rest;
            *var_slot = if var < T::ZERO { T::ZERO } else { var };
            let is_finite = var < T::from_f64(f64::INFINITY);
            if !is_finite {
                let scaled = Scaled::measure(values.as_flattened(), lanes::<BATCH>(self.count.rows), true, T::ZERO);
                (*mean_slot, *var_slot) = (scaled.mean(), scaled.var());
            }
        }
    }
}

/// The output.
pub(super) struct Normalise<'a, T, const BATCH: usize, const C: usize> {
    /// How many of the samples the statistics are measured from.
    pub(super) rows: usize,
    pub(super) statistics: Statistics<'a, T, C>,
    pub(super) weight: &'a SVector<T, C>,
    pub(super) bias: &'a SVector<T, C>,
    pub(super) input: &'a [[T; BATCH]],
    pub(super) output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for Normalise<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = (self.input.len() / C.max(1)).max(1);
        let channel_lanes = self.input.chunks_exact(length).zip(self.output.chunks_exact_mut(length));
        let ([weight], [bias]) = (&self.weight.data.0, &self.bias.data.0);
        let channels = self.statistics.channels().zip(weight).zip(bias);
        for ((input, output), (((mean, rstd), &weight), &bias)) in channel_lanes.zip(channels) {
            if let Some(scaled) = self.statistics.extreme(rstd, self.rows, input) {
                let (input, output) = (input.as_flattened(), output.as_flattened_mut());
                extreme::normalise(scaled, lanes::<BATCH>(BATCH), input.len(), &[weight], &[bias], input, output);
                continue;
            }
            let scale = weight * rstd;
            for (output, &value) in output.as_flattened_mut().iter_mut().zip(input.as_flattened()) {
                *output = isa.mul_add(value - mean, scale, bias);
            }
        }
    }
}

/// The gradients of weight and bias.
pub(super) struct AddSums<'a, T, const BATCH: usize, const C: usize> {
    pub(super) count: Count,
    pub(super) statistics: Statistics<'a, T, C>,
    pub(super) input: &'a [[T; BATCH]],
    pub(super) grad_output: &'a [[T; BATCH]],
    pub(super) grad_weight: &'a mut SVector<T, C>,
    pub(super) grad_bias: &'a mut SVector<T, C>,
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for AddSums<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = self.count.length.max(1);
        let channels = self.input.chunks_exact(length).zip(self.grad_output.chunks_exact(length));
        let ([grad_weight], [grad_bias]) = (&mut self.grad_weight.data.0, &mut self.grad_bias.data.0);
        let gradients = grad_weight.iter_mut().zip(grad_bias);
        for (((input, grad_output), (mean, rstd)), (grad_weight, grad_bias)) in
            channels.zip(self.statistics.channels()).zip(gradients)
        {
            if let Some(scaled) = self.statistics.extreme(rstd, self.count.rows, input) {
                let (lanes, input, grad_output) =
                    (lanes::<BATCH>(self.count.rows), input.as_flattened(), grad_output.as_flattened());
                let (weights, biases) = (slice::from_mut(grad_weight), slice::from_mut(grad_bias));
                extreme::add_sums(scaled, lanes, input.len(), input, grad_output, weights, biases);
                continue;
            }
            let [sum, moment] = gradient_sums(isa, self.count, mean, input, grad_output);
            *grad_weight += rstd * moment;
            *grad_bias += sum;
        }
    }
}

/// The gradient of the input.
pub(super) struct InputGradient<'a, T, const BATCH: usize, const C: usize> {
    pub(super) is_training: bool,
    pub(super) count: Count,
    pub(super) statistics: Statistics<'a, T, C>,
    pub(super) weight: &'a SVector<T, C>,
    pub(super) grad_output: &'a [[T; BATCH]],
    pub(super) input_then_grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize, const C: usize> Kernel for InputGradient<'_, T, BATCH, C> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let length = self.count.length.max(1);
        let channels = self.grad_output.chunks_exact(length).zip(self.input_then_grad.chunks_exact_mut(length));
        let [weight] = &self.weight.data.0;
        for (((grad_output, input_then_grad), (mean, rstd)), &weight) in
            channels.zip(self.statistics.channels()).zip(weight)
        {
            if let Some(scaled) = self.statistics.extreme(rstd, self.count.rows, input_then_grad) {
                let (grad_output, values) = (grad_output.as_flattened(), input_then_grad.as_flattened_mut());
                let (lanes, length) = (lanes::<BATCH>(self.count.rows), values.len());
                extreme::input_gradient(scaled, lanes, length, true, &[weight], grad_output, values);
                zero_padding(input_then_grad, self.count.rows);
                continue;
            }
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
            zero_padding(input_then_grad, self.count.rows);
        }
    }
}

/// Rows that are padding have no gradient.
#[inline(always)]
fn zero_padding<T: Scalar, const BATCH: usize>(grad_input: &mut [[T; BATCH]], rows: usize) {
    for lane in grad_input {
        lane.get_mut(rows..).unwrap_or_default().fill(T::ZERO);
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
    [sum_samples(&sums, count.rows), sum_samples(&moments, count.rows)]
}
