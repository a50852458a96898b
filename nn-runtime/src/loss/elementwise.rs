//! Losses that compare output and target value by value.

use core::marker::PhantomData;

use nalgebra::SMatrix;

use super::error::TargetError;
use super::{Loss, clear_padding, lane_of_targets, sum_of_rows};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// A loss that is the mean, over the outputs, of a function of output and target. Each is a [`Loss`] for `[T; OUT]`, with the
/// same [needs](super::needs).
///
/// ```
/// use nn_runtime::kernels::Isa;
/// use nn_runtime::loss::{Elementwise, TargetError};
/// use nn_runtime::math::{softplus, tanh};
/// use nn_runtime::prelude::*;
/// use nn_runtime::scalar::Scalar;
///
/// /// The mean of ln cosh(output - target): nearly a parabola near the target, nearly straight far from it.
/// struct LogCosh;
///
/// impl Elementwise for LogCosh {
///     fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
///         let value = target.to_f64();
///         if value.is_finite() { Ok(()) } else { Err(TargetError::NotFinite { position, value }) }
///     }
///
///     #[inline(always)]
///     fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
///         let difference = output - target;
///         // cosh x = (e^x + e^-x) / 2 = e^-x · (1 + e^2x) / 2
///         let twice = softplus(isa, difference + difference);
///         [twice - difference - T::from_f64(core::f64::consts::LN_2), tanh(isa, difference)]
///     }
/// }
///
/// network! { struct Line: [1] -> [1] { linear(1) } }
///
/// let (inputs, targets) = ([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]);
/// let mut network = Line::new(&mut rng(0));
/// let mut training = Training::<Line, Adam, 4>::ZERO;
/// for _ in 0..500 {
///     training.step(&mut network, &Adam::new(0.05), &LogCosh, &inputs, &targets)?;
/// }
/// assert!((network.linear1.weight[0] - 2.0).abs() < 0.01);
/// # Ok::<(), TrainError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loss that compares output and target value by value",
    note = "`StepWeights` takes such a loss, as `Mse`; for classes write `CrossEntropy.ignore_index(..)`, and to scale it `Scaled::new(StepWeights(..), ..)`"
)]
pub trait Elementwise<Needs = ()> {
    /// Whether the loss of a sample is the sum over its outputs instead of their mean.
    const IS_SUM: bool = false;

    /// A factor of every derivative, applied after the division by the number of outputs, so that the product does not
    /// overflow earlier.
    const SLOPE: f64 = 1.0;

    /// Says what is wrong with the loss's own options, as the network's type `T` rounds them, if something is; see
    /// [`Loss::check_options`].
    ///
    /// # Errors
    ///
    /// The first option that is out of its range.
    fn check_options<T: Scalar>(&self) -> Result<(), OptionError> {
        Ok(())
    }

    /// Says what is wrong with the value at `position` of a target, if something is.
    ///
    /// # Errors
    ///
    /// A value for which the loss is not defined.
    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError>;

    /// Says what is wrong with a target as a whole, if something is: unless written, what is wrong with the first of its
    /// values for which [`check`](Self::check) fails.
    ///
    /// # Errors
    ///
    /// A target for which the loss is not defined.
    fn check_all<T: Scalar>(&self, target: &[T]) -> Result<(), TargetError> {
        (0..).zip(target).try_for_each(|(position, &value)| self.check(position, value))
    }

    /// The loss of one output, and its derivative with respect to the output. Implementations are `#[inline(always)]`.
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2];
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const OUT: usize> Loss<[T; OUT], [T; OUT], T, Needs> for E {
    fn check_options(&self) -> Result<(), OptionError> {
        Elementwise::check_options::<T>(self)
    }

    fn check(&self, target: &[T; OUT]) -> Result<(), TargetError> {
        self.check_all(target)
    }

    #[inline(always)]
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&[T; OUT]]) -> T {
        isa.call_in_place(Value { loss: self, needs: PhantomData, output: &output.data.0, targets })
    }

    #[inline(always)]
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&[T; OUT]],
        scale: T,
    ) -> T {
        isa.call_in_place(ValueAndGradient {
            loss: self,
            needs: PhantomData,
            output_then_grad: &mut output_then_grad.data.0,
            targets,
            scale,
        })
    }
}

/// What the sum over the outputs is divided by.
#[inline(always)]
pub(super) fn terms<E: Elementwise<Needs>, Needs, T: Scalar, const OUT: usize>() -> T {
    if E::IS_SUM { T::ONE } else { T::from_f64(OUT as f64) }
}

struct Value<'a, E, Needs, T, const BATCH: usize, const OUT: usize> {
    loss: &'a E,
    needs: PhantomData<Needs>,
    output: &'a [[T; BATCH]; OUT],
    targets: &'a [&'a [T; OUT]],
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const BATCH: usize, const OUT: usize> Kernel
    for Value<'_, E, Needs, T, BATCH, OUT>
{
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let mut sums = [T::ZERO; BATCH];
        for (feature, output) in self.output.iter().enumerate() {
            let target = lane_of_targets::<T, BATCH, OUT>(self.targets, feature);
            for ((sum, &output), &target) in sums.iter_mut().zip(output).zip(&target) {
                *sum += self.loss.value_and_gradient(isa, output, target)[0];
            }
        }
        sum_of_rows(&sums, self.targets.len()) / terms::<E, Needs, T, OUT>()
    }
}

struct ValueAndGradient<'a, E, Needs, T, const BATCH: usize, const OUT: usize> {
    loss: &'a E,
    needs: PhantomData<Needs>,
    output_then_grad: &'a mut [[T; BATCH]; OUT],
    targets: &'a [&'a [T; OUT]],
    scale: T,
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const BATCH: usize, const OUT: usize> Kernel
    for ValueAndGradient<'_, E, Needs, T, BATCH, OUT>
{
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        match self.targets.first_chunk::<BATCH>() {
            // without padding the number of rows is known
            Some(targets) => Self { targets, ..self }.rows(isa),
            None => self.rows(isa),
        }
    }
}

impl<E: Elementwise<Needs>, Needs, T: Scalar, const BATCH: usize, const OUT: usize>
    ValueAndGradient<'_, E, Needs, T, BATCH, OUT>
{
    #[inline(always)]
    fn rows<I: Isa>(self, isa: I) -> T {
        let mut sums = [T::ZERO; BATCH];
        let scale = self.scale * T::from_f64(E::SLOPE) / terms::<E, Needs, T, OUT>();
        for (feature, lane) in self.output_then_grad.iter_mut().enumerate() {
            let target = lane_of_targets::<T, BATCH, OUT>(self.targets, feature);
            for ((sum, output_then_grad), &target) in sums.iter_mut().zip(lane.iter_mut()).zip(&target) {
                let [value, gradient] = self.loss.value_and_gradient(isa, *output_then_grad, target);
                *sum += value;
                *output_then_grad = gradient * scale;
            }
            clear_padding(lane, self.targets.len());
        }
        sum_of_rows(&sums, self.targets.len()) / terms::<E, Needs, T, OUT>()
    }
}
