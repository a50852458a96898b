//! Stochastic gradient descent. PyTorch: `torch.optim.SGD`.
//!
//! ```text
//! gradient   = gradient + weight_decay · parameter
//! velocity   = momentum · velocity + (1 - dampening) · gradient    in the first step = gradient
//! parameter -= lr · gradient                                       without momentum
//! parameter -= lr · velocity                                       with momentum
//! parameter -= lr · (gradient + momentum · velocity)               with Nesterov's
//! ```

use bytemuck::Pod;

use super::{Optimizer, flush_to_zero};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Stochastic gradient descent; it has no state. PyTorch's `SGD`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sgd {
    /// The learning rate.
    pub lr: f64,
    /// The L2 penalty's factor; 0 unless set.
    pub weight_decay: f64,
}

impl Sgd {
    /// Descent with learning rate `lr`.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self { lr, weight_decay: 0.0 }
    }

    /// With an L2 penalty.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// With momentum, whose state is one value a parameter.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> SgdMomentum {
        SgdMomentum { lr: self.lr, momentum, dampening: 0.0, weight_decay: self.weight_decay, nesterov: false }
    }
}

/// Stochastic gradient descent with momentum. PyTorch's `SGD`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SgdMomentum {
    /// The learning rate.
    pub lr: f64,
    /// How much of the velocity is left after a step.
    pub momentum: f64,
    /// How much less than 1 a gradient counts in the velocity, after the first step; 0 unless set.
    pub dampening: f64,
    /// The L2 penalty's factor; 0 unless set.
    pub weight_decay: f64,
    /// Whether the velocity is looked ahead by a step; not unless set.
    pub nesterov: bool,
}

impl SgdMomentum {
    /// With an L2 penalty.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// With gradients that count less in the velocity. PyTorch has it only without Nesterov's momentum.
    #[must_use]
    pub const fn dampening(self, dampening: f64) -> Self {
        Self { dampening, ..self }
    }

    /// With Nesterov's momentum.
    #[must_use]
    pub const fn nesterov(self, nesterov: bool) -> Self {
        Self { nesterov, ..self }
    }
}

impl<T: Scalar> Optimizer<T> for Sgd {
    type State<N: Pod> = [N; 0];

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let check = |option, value| OptionError::check_not_negative::<T>("Sgd", option, value);
        check("lr", self.lr)?;
        check("weight_decay", self.weight_decay)
    }

    #[inline(always)]
    fn update<I: Isa>(
        &self,
        isa: I,
        _step: u64,
        _position: usize,
        parameters: &mut [T],
        gradient: &[T],
        _state: &mut [&mut [T]],
    ) {
        let (lr, weight_decay) = (T::from_f64(self.lr), T::from_f64(self.weight_decay));
        isa.call_in_place(Step { parameters, gradient, lr, weight_decay });
    }
}

struct Step<'a, T> {
    parameters: &'a mut [T],
    gradient: &'a [T],
    lr: T,
    weight_decay: T,
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        // In chunks, as otherwise the parameters of a small network are worked off one by one.
        let (parameters, parameters_left) = self.parameters.as_chunks_mut::<8>();
        let (gradient, gradient_left) = self.gradient.as_chunks::<8>();
        for (parameters, gradient) in parameters.iter_mut().zip(gradient) {
            let mut direction = *gradient;
            isa.add_scaled(self.weight_decay, parameters, &mut direction);
            isa.add_scaled(-self.lr, &direction, parameters);
        }
        for (parameter, &gradient) in parameters_left.iter_mut().zip(gradient_left) {
            let direction = isa.mul_add(self.weight_decay, *parameter, gradient);
            *parameter = isa.mul_add(-self.lr, direction, *parameter);
        }
    }
}

impl<T: Scalar> Optimizer<T> for SgdMomentum {
    type State<N: Pod> = [N; 1];

    const STATE_NAMES: &'static [&'static str] = &["momentum_buffer"];

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, momentum, dampening, weight_decay, nesterov } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("SgdMomentum", option, value);
        check("lr", lr)?;
        check("momentum", momentum)?;
        check("weight_decay", weight_decay)?;
        OptionError::check_finite::<T>("SgdMomentum", "dampening", dampening)?;
        if nesterov {
            let check = |option, value, is_allowed, allowed| {
                OptionError::check("SgdMomentum", option, value, is_allowed, allowed)
            };
            check("momentum", momentum, momentum > 0.0, "more than 0 with `nesterov`")?;
            check("dampening", dampening, dampening == 0.0, "0 with `nesterov`")?;
        }
        Ok(())
    }

    #[inline(always)]
    fn update<I: Isa>(
        &self,
        isa: I,
        step: u64,
        _position: usize,
        parameters: &mut [T],
        gradient: &[T],
        state: &mut [&mut [T]],
    ) {
        let [velocity] = state else { return };
        let (lr, weight_decay) = (T::from_f64(self.lr), T::from_f64(self.weight_decay));
        let momentum = T::from_f64(self.momentum);
        // velocity, or with Nesterov's momentum gradient + momentum · velocity
        let [of_gradient, of_velocity] = if self.nesterov { [T::ONE, momentum] } else { [T::ZERO, T::ONE] };
        let share = if step == 1 { T::ONE } else { T::from_f64(1.0 - self.dampening) };
        let step = Step { parameters, gradient, lr, weight_decay };
        isa.call_in_place(MomentumStep { step, velocity, momentum, share, of_gradient, of_velocity });
    }
}

struct MomentumStep<'a, T> {
    step: Step<'a, T>,
    velocity: &'a mut [T],
    momentum: T,
    /// Of the gradient, in the velocity.
    share: T,
    of_gradient: T,
    of_velocity: T,
}

impl<T: Scalar> Kernel for MomentumStep<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Step { parameters, gradient, lr, weight_decay } = self.step;
        for ((parameter, velocity), &gradient) in parameters.iter_mut().zip(self.velocity).zip(gradient) {
            let gradient = isa.mul_add(weight_decay, *parameter, gradient);
            *velocity = flush_to_zero(isa.mul_add(self.momentum, *velocity, self.share * gradient));
            let direction = isa.mul_add(self.of_velocity, *velocity, self.of_gradient * gradient);
            *parameter = isa.mul_add(-lr, direction, *parameter);
        }
    }
}
