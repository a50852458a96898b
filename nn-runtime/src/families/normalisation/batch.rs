//! Batch normalisation, of as many dimensions as there are: the equations are those of
//! [`batch_norm1d`](crate::layers::batch_norm1d), where the `length` of a channel is the number of its columns.

mod kernels;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use super::extreme::{Lanes, Scaled, is_extreme, reciprocal_root};
use crate::init;
use crate::kernels::Isa;
use crate::network::Pass;
use crate::scalar::Scalar;
use kernels::{AddSums, InputGradient, Measure, Normalise};

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
    let rows = BATCH.min(pass.rows as usize);
    if pass.training {
        isa.call(Measure { count: Count::of::<BATCH, N, C>(pass), input: &input.data.0, cache: &mut cache.data.0 });
    }
    let statistics = Statistics::of(eps, running_mean, running_var, cache, pass);
    isa.call(Normalise { rows, statistics, weight, bias, input: &input.data.0, output: &mut output.data.0 });
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
    isa.call(Normalise { rows: BATCH, statistics, weight, bias, input: &input.data.0, output: &mut output.data.0 });
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

/// The first `rows` lanes of a channel.
fn lanes<const BATCH: usize>(rows: usize) -> Lanes {
    Lanes { batch: BATCH, first: 0, count: rows.min(BATCH) }
}

/// The mean and the variance that each channel is normalised with.
#[derive(Clone, Copy)]
struct Statistics<'a, T, const C: usize> {
    mean: &'a [T; C],
    var: &'a [T; C],
    eps: T,
    /// Whether they are those of the input; then a channel that the type cannot measure is measured again.
    are_measured: bool,
}

impl<'a, T: Scalar, const C: usize> Statistics<'a, T, C> {
    fn running(eps: f64, mean: &'a SVector<T, C>, var: &'a SVector<T, C>) -> Self {
        let ([mean], [var]) = (&mean.data.0, &var.data.0);
        Self { mean, var, eps: T::from_f64(eps), are_measured: false }
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
        if pass.training { Self { mean, var, are_measured: true, ..running } } else { running }
    }

    /// The mean and `rstd` of each channel.
    #[inline(always)]
    fn channels(self) -> impl Iterator<Item = (T, T)> {
        self.mean.iter().zip(self.var).map(move |(&mean, &var)| (mean, reciprocal_root(var + self.eps)))
    }

    /// The statistics of a channel in more digits, if they are its own and the type cannot hold them.
    #[inline(always)]
    fn extreme<const BATCH: usize>(self, rstd: T, rows: usize, input: &[[T; BATCH]]) -> Option<Scaled> {
        let is_extreme = self.are_measured && is_extreme(rstd);
        is_extreme.then(|| Scaled::measure(input.as_flattened(), lanes::<BATCH>(rows), true, self.eps))
    }
}

#[cfg(test)]
mod tests;
