//! Adagrad. PyTorch: `torch.optim.Adagrad`. Duchi, Hazan and Singer, 2011.
//!
//! ```text
//! gradient   = gradient + weight_decay · parameter
//! sum        = sum + gradient²
//! parameter -= lr / (1 + (step - 1) · lr_decay) · gradient / (√(initial_accumulator_value + sum) + eps)
//! ```

use bytemuck::Pod;

use super::{Optimizer, divisor};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Adagrad; its state is one value a parameter. PyTorch's `Adagrad`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Adagrad {
    /// The learning rate; PyTorch's default is 1e-2.
    pub lr: f64,
    /// How fast the learning rate falls from step to step; 0 unless set.
    pub lr_decay: f64,
    /// The L2 penalty's factor; 0 unless set.
    pub weight_decay: f64,
    /// What the sum of squares starts from; 0 unless set.
    pub initial_accumulator_value: f64,
    /// What is added to the root of the sum of squares; 1e-10 unless set.
    pub eps: f64,
}

impl Adagrad {
    /// PyTorch's defaults with learning rate `lr`.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self { lr, lr_decay: 0.0, weight_decay: 0.0, initial_accumulator_value: 0.0, eps: 1e-10 }
    }

    /// With a learning rate that falls from step to step.
    #[must_use]
    pub const fn lr_decay(self, lr_decay: f64) -> Self {
        Self { lr_decay, ..self }
    }

    /// With an L2 penalty.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// With another start of the sum of squares.
    #[must_use]
    pub const fn initial_accumulator_value(self, initial_accumulator_value: f64) -> Self {
        Self { initial_accumulator_value, ..self }
    }

    /// With another `eps`.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }
}

impl Default for Adagrad {
    fn default() -> Self {
        Self::new(1e-2)
    }
}

impl<T: Scalar> Optimizer<T> for Adagrad {
    type State<N: Pod> = [N; 1];

    /// PyTorch's `sum` begins at the `initial_accumulator_value`; here that is added in each step.
    const STATE_NAMES: &'static [&'static str] = &["sum"];

    const SQUARES: bool = true;

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, lr_decay, weight_decay, initial_accumulator_value, eps } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("Adagrad", option, value);
        check("lr", lr)?;
        check("lr_decay", lr_decay)?;
        check("weight_decay", weight_decay)?;
        check("initial_accumulator_value", initial_accumulator_value)?;
        check("eps", eps)
    }

    fn update<I: Isa>(
        &self,
        isa: I,
        step: u64,
        _position: usize,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut [&mut [T]],
    ) {
        let [sum] = state else { return };
        let earlier_steps = step.saturating_sub(1) as f64;
        isa.call(Step {
            parameters,
            gradient,
            sum,
            lr: T::from_f64(self.lr / (1.0 + earlier_steps * self.lr_decay)),
            weight_decay: T::from_f64(self.weight_decay),
            start: T::from_f64(self.initial_accumulator_value),
            eps: divisor(self.eps),
        });
    }
}

struct Step<'a, T> {
    parameters: &'a mut [T],
    gradient: &'a [T],
    sum: &'a mut [T],
    lr: T,
    weight_decay: T,
    start: T,
    eps: T,
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { parameters, gradient, sum, lr, weight_decay, start, eps } = self;
        for ((parameter, &gradient), sum) in parameters.iter_mut().zip(gradient).zip(sum) {
            let gradient = isa.mul_add(weight_decay, *parameter, gradient);
            *sum = isa.mul_add(gradient, gradient, *sum);
            let root = (start + *sum).sqrt() + eps;
            *parameter = isa.mul_add(-lr, gradient / root, *parameter);
        }
    }
}
