//! How much each step of a sequence counts in a loss.
//!
//! ```text
//! loss   = Σ_step weight · Σ_feature value(output, target) / (STEPS · features)
//! weight = Σ_step weight / STEPS                                                  of the sample, in the mean over a mini-batch
//! ```
//!
//! So the loss of a mini-batch is the weighted mean over the steps of all its samples.

use core::marker::PhantomData;

use nalgebra::SMatrix;

use super::elementwise::{Elementwise, terms};
use super::error::TargetError;
use super::needs::WithSteps;
use super::{Loss, clear_padding, sum_of_rows, times};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// A loss that compares output and target value by value, such as [`Mse`](super::Mse), with a weight for each step of a sequence:
/// 0 for padding, which then counts neither in the loss nor in its mean.
///
/// A target is the target of the loss and the weights, `([T; OUT], [T; STEPS])`, for an output of `[STEPS, features]`. Weights
/// are 0, or from 1e-30 to 1e30. A step is a place along the first dimension: behind `[channels, length]`, end the network with
/// `transpose`. For classes write [`CrossEntropy.ignore_index(..)`](super::CrossEntropy::ignore_index).
///
/// ```
/// use nn_runtime::loss::StepWeights;
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Forecast: { values: [4, 1], length: u8 [1] } -> [4, 1] {
///         values, gru(8, length = length), linear(1),
///     }
/// }
///
/// let mut network = Forecast::new(&mut rng(0));
/// let mut training = Training::<Forecast, Adam, 2>::boxed();
/// let input = ForecastInput { values: [0.1, 0.2, 0.0, 0.0], length: [2] };
/// let target = ([0.2, 0.3, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]);
/// let loss = training.step(&mut network, &Adam::new(0.01), &StepWeights(Mse), &[input], &[target])?;
/// assert!(loss > 0.0);
/// # Ok::<(), TrainError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepWeights<L>(pub L);

impl<L: Elementwise<Needs>, Needs, T: Scalar, const OUT: usize, const STEPS: usize>
    Loss<([T; OUT], [T; STEPS]), [T; OUT], T, WithSteps<Needs, STEPS>> for StepWeights<L>
{
    fn check_options(&self) -> Result<(), OptionError> {
        self.0.check_options::<T>()
    }

    fn check(&self, (target, weights): &([T; OUT], [T; STEPS])) -> Result<(), TargetError> {
        // so that sums of weights stay finite in f32, and so do their reciprocals
        let is_wrong = |weight: &T| {
            let weight = weight.to_f64();
            !(weight == 0.0 || (1e-30..=1e30).contains(&weight))
        };
        match weights.iter().position(is_wrong) {
            Some(step) => Err(TargetError::StepWeight { step, weight: weights[step].to_f64() }),
            None => self.0.check_all(target),
        }
    }

    fn weight(&self, (_, weights): &([T; OUT], [T; STEPS])) -> T {
        T::from_f64(weights.iter().map(|weight| weight.to_f64()).sum::<f64>() / STEPS as f64)
    }

    fn loss<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output: &SMatrix<T, BATCH, OUT>,
        targets: &[&([T; OUT], [T; STEPS])],
    ) -> T {
        isa.call_in_place(Value { loss: &self.0, needs: PhantomData, output: &output.data.0, targets })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&([T; OUT], [T; STEPS])],
        scale: T,
    ) -> T {
        let output_then_grad = &mut output_then_grad.data.0;
        isa.call_in_place(ValueAndGradient { loss: &self.0, needs: PhantomData, output_then_grad, targets, scale })
    }
}

/// The weighted targets of the rows of a tile.
type Targets<'a, T, const OUT: usize, const STEPS: usize> = &'a [&'a ([T; OUT], [T; STEPS])];

/// One feature of all targets and its step's weights; 0 for padding.
#[inline(always)]
fn lanes_of_targets<T: Scalar, const BATCH: usize, const OUT: usize, const STEPS: usize>(
    targets: Targets<T, OUT, STEPS>,
    feature: usize,
) -> [[T; BATCH]; 2] {
    let step = feature / (OUT / STEPS.max(1)).max(1);
    let [mut values, mut weights] = [[T::ZERO; BATCH]; 2];
    for ((value, weight), (target, of_steps)) in values.iter_mut().zip(&mut weights).zip(targets) {
        *value = target.get(feature).copied().unwrap_or(T::ZERO);
        *weight = of_steps.get(step).copied().unwrap_or(T::ZERO);
    }
    [values, weights]
}

struct Value<'a, E, Needs, T, const BATCH: usize, const OUT: usize, const STEPS: usize> {
    loss: &'a E,
    needs: PhantomData<Needs>,
    output: &'a [[T; BATCH]; OUT],
    targets: Targets<'a, T, OUT, STEPS>,
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const BATCH: usize, const OUT: usize, const STEPS: usize> Kernel
    for Value<'_, E, Needs, T, BATCH, OUT, STEPS>
{
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let mut sums = [T::ZERO; BATCH];
        for (feature, output) in self.output.iter().enumerate() {
            let [targets, weights] = lanes_of_targets::<T, BATCH, OUT, STEPS>(self.targets, feature);
            for (((sum, &output), target), weight) in sums.iter_mut().zip(output).zip(targets).zip(weights) {
                *sum += times(weight, self.loss.value_and_gradient(isa, output, target)[0]);
            }
        }
        sum_of_rows(&sums, self.targets.len()) / terms::<E, Needs, T, OUT>()
    }
}

struct ValueAndGradient<'a, E, Needs, T, const BATCH: usize, const OUT: usize, const STEPS: usize> {
    loss: &'a E,
    needs: PhantomData<Needs>,
    output_then_grad: &'a mut [[T; BATCH]; OUT],
    targets: Targets<'a, T, OUT, STEPS>,
    scale: T,
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const BATCH: usize, const OUT: usize, const STEPS: usize> Kernel
    for ValueAndGradient<'_, E, Needs, T, BATCH, OUT, STEPS>
{
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let mut sums = [T::ZERO; BATCH];
        let scale = self.scale * T::from_f64(E::SLOPE) / terms::<E, Needs, T, OUT>();
        for (feature, lane) in self.output_then_grad.iter_mut().enumerate() {
            let [targets, weights] = lanes_of_targets::<T, BATCH, OUT, STEPS>(self.targets, feature);
            for (((sum, value), target), weight) in sums.iter_mut().zip(lane.iter_mut()).zip(targets).zip(weights) {
                let [loss, gradient] = self.loss.value_and_gradient(isa, *value, target);
                *sum += times(weight, loss);
                *value = times(weight, gradient) * scale;
            }
            clear_padding(lane, self.targets.len());
        }
        sum_of_rows(&sums, self.targets.len()) / terms::<E, Needs, T, OUT>()
    }
}
