//! `NAdam`. PyTorch: `torch.optim.NAdam`. Dozat, *Incorporating Nesterov Momentum into Adam*, 2016.
//!
//! ```text
//! gradient   = gradient + weight_decay · parameter           an L2 penalty, or
//! parameter  = parameter · (1 - lr · weight_decay)           with decoupled_weight_decay
//! mean       = mean + (1 - beta1) · (gradient - mean)
//! square     = beta2 · square + (1 - beta2) · gradient²
//! mu(step)   = beta1 · (1 - 0.96^(step · momentum_decay) / 2)
//! product    = mu(1) · mu(2) · .. · mu(step)
//! direction  = (1 - mu(step)) / (1 - product) · gradient
//!            + mu(step + 1) / (1 - product · mu(step + 1)) · mean
//! parameter -= lr · direction / (√(square / (1 - beta2^step)) + eps)
//! ```

use bytemuck::Pod;

use super::{Optimizer, divisor, flush_to_zero, power};
use crate::OptionError;
use crate::kernels::{Isa, Kernel, Portable};
use crate::math;
use crate::scalar::Scalar;

/// Adam with Nesterov's momentum; its state is two values a parameter. PyTorch's `NAdam`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NAdam {
    /// The learning rate; PyTorch's default is 2e-3.
    pub lr: f64,
    /// How much of the mean of the gradient, and of its square, is left after a step; (0.9, 0.999) unless set.
    pub betas: (f64, f64),
    /// What is added to the root of the mean square; 1e-8 unless set.
    pub eps: f64,
    /// The L2 penalty's factor, or how fast parameters decay; 0 unless set.
    pub weight_decay: f64,
    /// How fast the momentum rises from half of the first `beta` to the whole; 4e-3 unless set.
    pub momentum_decay: f64,
    /// Whether the weight decay is apart from the gradient, as that of [`AdamW`](super::AdamW); not unless set.
    pub decoupled_weight_decay: bool,
}

impl NAdam {
    /// PyTorch's defaults with learning rate `lr`.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        let (betas, eps) = ((0.9, 0.999), 1e-8);
        Self { lr, betas, eps, weight_decay: 0.0, momentum_decay: 4e-3, decoupled_weight_decay: false }
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

    /// With weight decay.
    #[must_use]
    pub const fn weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay, ..self }
    }

    /// With a momentum that rises faster or slower.
    #[must_use]
    pub const fn momentum_decay(self, momentum_decay: f64) -> Self {
        Self { momentum_decay, ..self }
    }

    /// With weight decay apart from the gradient.
    #[must_use]
    pub const fn decoupled_weight_decay(self, decoupled_weight_decay: bool) -> Self {
        Self { decoupled_weight_decay, ..self }
    }

    /// The factors of the gradient and of the mean in the direction.
    fn momentum(&self, step: u64) -> [f64; 2] {
        let decay = math::exp(Portable, self.momentum_decay * math::ln(Portable, 0.96));
        let mu = |decay: f64| self.betas.0 * (1.0 - 0.5 * decay);
        let (mut product, mut power_of_decay) = (1.0, 1.0);
        for _ in 0..step {
            // further factors would not change 1 - product
            if product < f64::EPSILON / 4.0 {
                break;
            }
            power_of_decay *= decay;
            product *= mu(power_of_decay);
        }
        let [current, next] = [step, step.saturating_add(1)].map(|step| mu(power(decay, step)));
        [(1.0 - current) / (1.0 - product), next / (1.0 - product * next)]
    }
}

impl Default for NAdam {
    fn default() -> Self {
        Self::new(2e-3)
    }
}

impl<T: Scalar> Optimizer<T> for NAdam {
    type State<N: Pod> = [N; 2];

    const STATE_NAMES: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];

    const SQUARES: bool = true;

    fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
        core::iter::once(&mut self.lr)
    }

    #[inline(always)]
    fn check_options(&self) -> Result<(), OptionError> {
        let Self { lr, betas, eps, weight_decay, momentum_decay, .. } = *self;
        let check = |option, value| OptionError::check_not_negative::<T>("NAdam", option, value);
        check("lr", lr)?;
        check("eps", eps)?;
        check("weight_decay", weight_decay)?;
        check("momentum_decay", momentum_decay)?;
        OptionError::check_betas::<T>("NAdam", betas)
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
        let [mean, square] = state else { return };
        isa.call(Step { factors: Factors::new(self, step), parameters, gradient, mean, square });
    }
}

/// What is the same for all parameters in one step.
#[derive(Clone, Copy)]
struct Factors<T> {
    keep: T,
    penalty: T,
    new_mean: T,
    old_square: T,
    new_square: T,
    of_gradient: T,
    of_mean: T,
    root: T,
    eps: T,
}

impl<T: Scalar> Factors<T> {
    fn new(settings: &NAdam, step: u64) -> Self {
        let NAdam { lr, betas: (beta1, beta2), eps, weight_decay, decoupled_weight_decay, .. } = *settings;
        let [decay, penalty] = if decoupled_weight_decay { [lr * weight_decay, 0.0] } else { [0.0, weight_decay] };
        let [of_gradient, of_mean] = settings.momentum(step);
        Self {
            keep: T::from_f64(1.0 - decay),
            penalty: T::from_f64(penalty),
            new_mean: T::from_f64(1.0 - beta1),
            old_square: T::from_f64(beta2),
            new_square: T::from_f64(1.0 - beta2),
            of_gradient: T::from_f64(lr * of_gradient),
            of_mean: T::from_f64(lr * of_mean),
            root: T::from_f64(1.0 / Scalar::sqrt(1.0 - power(beta2, step))),
            eps: divisor(eps),
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
        let Factors { keep, penalty, new_mean, old_square, new_square, of_gradient, of_mean, root, eps } = self.factors;
        let moments = self.mean.iter_mut().zip(self.square);
        for ((parameter, &gradient), (mean, square)) in self.parameters.iter_mut().zip(self.gradient).zip(moments) {
            let gradient = isa.mul_add(penalty, *parameter, gradient);
            *mean = flush_to_zero(isa.mul_add(new_mean, gradient - *mean, *mean));
            *square = flush_to_zero(isa.mul_add(old_square, *square, new_square * gradient * gradient));
            let direction = isa.mul_add(of_mean, *mean, of_gradient * gradient);
            *parameter = *parameter * keep - direction / isa.mul_add(square.sqrt(), root, eps);
        }
    }
}
