//! Adam and `AdamW`. PyTorch: `torch.optim.Adam`, `torch.optim.AdamW`. Kingma and Ba, 2015; Loshchilov and Hutter, 2019.
//!
//! ```text
//! gradient   = gradient + weight_decay · parameter           Adam: an L2 penalty
//! parameter  = parameter · (1 - lr · weight_decay)           AdamW: decay apart from the gradient
//! mean       = mean + (1 - beta1) · (gradient - mean)
//! square     = beta2 · square + (1 - beta2) · gradient²
//! parameter -= lr / (1 - beta1^step) · mean / (√square / √(1 - beta2^step) + eps)
//! ```

use bytemuck::Pod;

use super::{Optimizer, divisor, flush_to_zero, power};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Adam. PyTorch's `Adam`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Adam {
    /// The learning rate; PyTorch's default is 1e-3.
    pub lr: f64,
    /// How much of the mean of the gradient, and of its square, is left after a step; (0.9, 0.999) unless set.
    pub betas: (f64, f64),
    /// What is added to the root of the mean square; 1e-8 unless set.
    pub eps: f64,
    /// The L2 penalty's factor; 0 unless set.
    pub weight_decay: f64,
}

/// Adam with weight decay apart from the gradient. PyTorch's `AdamW`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct AdamW {
    /// The learning rate; PyTorch's default is 1e-3.
    pub lr: f64,
    /// How much of the mean of the gradient, and of its square, is left after a step; (0.9, 0.999) unless set.
    pub betas: (f64, f64),
    /// What is added to the root of the mean square; 1e-8 unless set.
    pub eps: f64,
    /// How fast parameters decay, per unit of learning rate; 1e-2 unless set.
    pub weight_decay: f64,
}

macro_rules! impl_settings {
    ($($name:ident decays by $weight_decay:literal)*) => {$(
        impl $name {
            /// PyTorch's defaults with learning rate `lr`.
            #[must_use]
            pub const fn new(lr: f64) -> Self {
                Self { lr, betas: (0.9, 0.999), eps: 1e-8, weight_decay: $weight_decay }
            }

            /// With other decay rates of the two means.
            #[must_use]
            pub const fn betas(self, beta1: f64, beta2: f64) -> Self {
                Self { betas: (beta1, beta2), ..self }
            }

            /// With another `eps`.
            #[must_use]
            pub const fn eps(self, eps: f64) -> Self {
                Self { eps, ..self }
            }

            /// With another weight decay.
            #[must_use]
            pub const fn weight_decay(self, weight_decay: f64) -> Self {
                Self { weight_decay, ..self }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new(1e-3)
            }
        }
    )*};
}

impl_settings! {
    Adam decays by 0.0
    AdamW decays by 1e-2
}

impl<T: Scalar> Optimizer<T> for Adam {
    type State<N: Pod> = [N; 2];

    const STATE_NAMES: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];

    const SQUARES: bool = true;

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, betas, eps, weight_decay } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("Adam", option, value);
        check("lr", lr)?;
        check("eps", eps)?;
        check("weight_decay", weight_decay)?;
        OptionError::check_betas::<T>("Adam", betas)
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
        let factors = Factors::new(self, step, 1.0, self.weight_decay);
        update_run(isa, factors, parameters, gradient, state);
    }
}

impl<T: Scalar> Optimizer<T> for AdamW {
    type State<N: Pod> = [N; 2];

    const STATE_NAMES: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];

    const SQUARES: bool = true;

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, betas, eps, weight_decay } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("AdamW", option, value);
        check("lr", lr)?;
        check("eps", eps)?;
        check("weight_decay", weight_decay)?;
        OptionError::check_betas::<T>("AdamW", betas)
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
        let Self { lr, betas, eps, weight_decay } = *self;
        let factors = Factors::new(&Adam { lr, betas, eps, weight_decay }, step, 1.0 - lr * weight_decay, 0.0);
        update_run(isa, factors, parameters, gradient, state);
    }
}

#[inline(always)]
fn update_run<I: Isa, T: Scalar>(
    isa: I,
    factors: Factors<T>,
    parameters: &mut [T],
    gradient: &[T],
    state: &mut [&mut [T]],
) {
    let [mean, square] = state else { return };
    isa.call_in_place(Step { factors, parameters, gradient, mean, square });
}

/// What is the same for all parameters in one step.
#[derive(Clone, Copy)]
struct Factors<T> {
    keep: T,
    penalty: T,
    new_mean: T,
    old_square: T,
    new_square: T,
    step_size: T,
    root: T,
    eps: T,
}

impl<T: Scalar> Factors<T> {
    fn new(adam: &Adam, step: u64, keep: f64, penalty: f64) -> Self {
        let (beta1, beta2) = adam.betas;
        Self {
            keep: T::from_f64(keep),
            penalty: T::from_f64(penalty),
            new_mean: T::from_f64(1.0 - beta1),
            old_square: T::from_f64(beta2),
            new_square: T::from_f64(1.0 - beta2),
            step_size: T::from_f64(adam.lr / (1.0 - power(beta1, step))),
            root: T::from_f64(1.0 / Scalar::sqrt(1.0 - power(beta2, step))),
            eps: divisor(adam.eps),
        }
    }
}

struct Step<'a, T> {
    factors: Factors<T>,
    parameters: &'a mut [T],
    gradient: &'a [T],
    mean: &'a mut [T],
    square: &'a mut [T],
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Factors { keep, penalty, new_mean, old_square, new_square, step_size, root, eps } = self.factors;
        let moments = self.mean.iter_mut().zip(self.square);
        for ((parameter, &gradient), (mean, square)) in self.parameters.iter_mut().zip(self.gradient).zip(moments) {
            let gradient = isa.mul_add(penalty, *parameter, gradient);
            *mean = flush_to_zero(isa.mul_add(new_mean, gradient - *mean, *mean));
            *square = flush_to_zero(isa.mul_add(old_square, *square, new_square * gradient * gradient));
            let direction = *mean / isa.mul_add(square.sqrt(), root, eps);
            *parameter = isa.mul_add(-step_size, direction, *parameter * keep);
        }
    }
}
