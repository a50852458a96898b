//! Lion. Chen et al., *Symbolic Discovery of Optimization Algorithms*, 2023; not in PyTorch.
//!
//! ```text
//! direction  = sign(beta1 · mean + (1 - beta1) · gradient)        0 at 0
//! parameter -= lr · (direction + weight_decay · parameter)
//! mean       = beta2 · mean + (1 - beta2) · gradient
//! ```

use bytemuck::Pod;

use super::{Optimizer, flush_to_zero};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::{Scalar, sign};

/// Lion: every step has the same length in every parameter; its state is one value a parameter.
///
/// Its learning rate should be 3 to 10 times smaller than that of [`AdamW`](super::AdamW), and its weight decay as much
/// larger.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Lion {
    /// The learning rate, the length of a step; the paper's default is 1e-4.
    pub lr: f64,
    /// How much of the mean of the gradient counts in a step's direction, and is left after it; (0.9, 0.99) unless set.
    pub betas: (f64, f64),
    /// How fast parameters decay, per unit of learning rate; 0 unless set.
    pub weight_decay: f64,
}

impl Lion {
    /// The paper's defaults with learning rate `lr`.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self { lr, betas: (0.9, 0.99), weight_decay: 0.0 }
    }

    /// With other shares of the mean.
    #[must_use]
    pub const fn betas(self, beta1: f64, beta2: f64) -> Self {
        Self { betas: (beta1, beta2), ..self }
    }

    /// With weight decay apart from the gradient.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }
}

impl Default for Lion {
    fn default() -> Self {
        Self::new(1e-4)
    }
}

impl<T: Scalar> Optimizer<T> for Lion {
    type State<N: Pod> = [N; 1];

    const STATE_NAMES: &'static [&'static str] = &["exp_avg"];

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, betas, weight_decay } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("Lion", option, value);
        check("lr", lr)?;
        check("weight_decay", weight_decay)?;
        OptionError::check_betas::<T>("Lion", betas)
    }

    fn update<I: Isa>(
        &self,
        isa: I,
        _step: u64,
        _position: usize,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut [&mut [T]],
    ) {
        let [mean] = state else { return };
        let (beta1, beta2) = self.betas;
        isa.call(Step {
            parameters,
            gradient,
            mean,
            lr: T::from_f64(self.lr),
            keep: T::from_f64(1.0 - self.lr * self.weight_decay),
            new: T::from_f64(1.0 - beta1),
            new_mean: T::from_f64(1.0 - beta2),
        });
    }
}

struct Step<'a, T> {
    parameters: &'a mut [T],
    gradient: &'a [T],
    mean: &'a mut [T],
    lr: T,
    keep: T,
    new: T,
    new_mean: T,
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { parameters, gradient, mean, lr, keep, new, new_mean } = self;
        for ((parameter, &gradient), mean) in parameters.iter_mut().zip(gradient).zip(mean) {
            let difference = gradient - *mean;
            let direction = sign(isa.mul_add(new, difference, *mean));
            *parameter = isa.mul_add(-lr, direction, *parameter * keep);
            *mean = flush_to_zero(isa.mul_add(new_mean, difference, *mean));
        }
    }
}
