//! `RMSprop`. PyTorch: `torch.optim.RMSprop`. Tieleman and Hinton, 2012.
//!
//! ```text
//! gradient   = gradient + weight_decay · parameter
//! square     = alpha · square + (1 - alpha) · gradient²
//! mean       = mean + (1 - alpha) · (gradient - mean)         centered
//! variance   = square                                         not centered
//!            = square - mean²                                 centered; at least 0
//! direction  = gradient / (√variance + eps)
//! velocity   = momentum · velocity + direction                with momentum
//! parameter -= lr · direction                                 without momentum
//! parameter -= lr · velocity                                  with momentum
//! ```

use bytemuck::Pod;

use super::{Optimizer, divisor, flush_to_zero};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// `RMSprop`; its state is one value a parameter, with `CENTERED` two. PyTorch's `RMSprop`.
///
/// ```
/// use nn_runtime::optim::RmsProp;
///
/// let plain = RmsProp::new(1e-2);
/// let with_both = RmsProp::new(1e-2).alpha(0.9).centered().momentum(0.9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RmsProp<const CENTERED: bool = false> {
    /// The learning rate; PyTorch's default is 1e-2.
    pub lr: f64,
    /// How much of the mean square of the gradient is left after a step; 0.99 unless set.
    pub alpha: f64,
    /// What is added to the root of the mean square; 1e-8 unless set.
    pub eps: f64,
    /// The L2 penalty's factor; 0 unless set.
    pub weight_decay: f64,
}

/// `RMSprop` with momentum; its state is two values a parameter, with `CENTERED` three. PyTorch's `RMSprop`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RmsPropMomentum<const CENTERED: bool = false> {
    /// The learning rate.
    pub lr: f64,
    /// How much of the mean square of the gradient is left after a step.
    pub alpha: f64,
    /// What is added to the root of the mean square.
    pub eps: f64,
    /// The L2 penalty's factor.
    pub weight_decay: f64,
    /// How much of the velocity is left after a step.
    pub momentum: f64,
}

impl RmsProp {
    /// PyTorch's defaults with learning rate `lr`.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self { lr, alpha: 0.99, eps: 1e-8, weight_decay: 0.0 }
    }

    /// Dividing by the root of the gradient's variance instead of its mean square, which adds one value a parameter
    /// to the state.
    #[must_use]
    pub const fn centered(self) -> RmsProp<true> {
        let Self { lr, alpha, eps, weight_decay } = self;
        RmsProp { lr, alpha, eps, weight_decay }
    }
}

impl Default for RmsProp {
    fn default() -> Self {
        Self::new(1e-2)
    }
}

impl<const CENTERED: bool> RmsProp<CENTERED> {
    /// With momentum, which adds one value a parameter to the state.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> RmsPropMomentum<CENTERED> {
        let Self { lr, alpha, eps, weight_decay } = self;
        RmsPropMomentum { lr, alpha, eps, weight_decay, momentum }
    }

    fn factors<T: Scalar>(self) -> Factors<T> {
        self.momentum(0.0).factors()
    }

    fn check<T: Scalar>(&self) -> Result<(), OptionError> {
        check::<T, CENTERED>("RmsProp", self.momentum(0.0))
    }
}

impl RmsPropMomentum {
    /// Dividing by the root of the gradient's variance instead of its mean square, which adds one value a parameter
    /// to the state.
    #[must_use]
    pub const fn centered(self) -> RmsPropMomentum<true> {
        let Self { lr, alpha, eps, weight_decay, momentum } = self;
        RmsPropMomentum { lr, alpha, eps, weight_decay, momentum }
    }
}

impl<const CENTERED: bool> RmsPropMomentum<CENTERED> {
    fn factors<T: Scalar>(self) -> Factors<T> {
        Factors {
            lr: T::from_f64(self.lr),
            old: T::from_f64(self.alpha),
            new: T::from_f64(1.0 - self.alpha),
            eps: divisor(self.eps),
            weight_decay: T::from_f64(self.weight_decay),
            momentum: T::from_f64(self.momentum),
        }
    }

    fn check<T: Scalar>(&self) -> Result<(), OptionError> {
        check::<T, CENTERED>("RmsPropMomentum", *self)
    }
}

/// PyTorch's ranges; and an `alpha` of at most 1, as with more the mean square becomes negative.
fn check<T: Scalar, const CENTERED: bool>(
    owner: &'static str,
    options: RmsPropMomentum<CENTERED>,
) -> Result<(), OptionError> {
    let RmsPropMomentum { lr, alpha, eps, weight_decay, momentum } = options;
    let check = |option, value| OptionError::check_not_negative::<T>(owner, option, value);
    check("lr", lr)?;
    check("eps", eps)?;
    check("weight_decay", weight_decay)?;
    check("momentum", momentum)?;
    OptionError::check(owner, "alpha", alpha, (0.0..=1.0).contains(&alpha), "from 0 to 1")
}

macro_rules! impl_settings {
    ($($name:ident)*) => {$(
        impl<const CENTERED: bool> $name<CENTERED> {
            /// With another decay rate of the mean square.
            #[must_use]
            pub const fn alpha(self, alpha: f64) -> Self {
                Self { alpha, ..self }
            }

            /// With another `eps`.
            #[must_use]
            pub const fn eps(self, eps: f64) -> Self {
                Self { eps, ..self }
            }

            /// With an L2 penalty.
            #[must_use]
            pub const fn weight_decay(self, weight_decay: f64) -> Self {
                Self { weight_decay, ..self }
            }
        }
    )*};
}

impl_settings!(RmsProp RmsPropMomentum);

macro_rules! impl_optimizer {
    ($($optimizer:ty: $values:literal = $names:expr, [$square:ident $(, $other:ident)*], $mean:expr, $velocity:expr;)*) => {$(
        impl<T: Scalar> Optimizer<T> for $optimizer {
            type State<N: Pod> = [N; $values];

            const STATE_NAMES: &'static [&'static str] = &$names;

            const SQUARES: bool = true;

            fn learning_rates(&mut self) -> impl Iterator<Item = &mut f64> {
                core::iter::once(&mut self.lr)
            }

            fn check_options(&self) -> Result<(), OptionError> {
                self.check::<T>()
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
                let [$square $(, $other)*] = state else { return };
                let (square, factors) = ($square, self.factors());
                isa.call(Step { factors, parameters, gradient, square, mean: $mean, velocity: $velocity });
            }
        }
    )*};
}

impl_optimizer! {
    RmsProp<false>: 1 = ["square_avg"], [square], None, None;
    RmsProp<true>: 2 = ["square_avg", "grad_avg"], [square, mean], Some(mean), None;
    RmsPropMomentum<false>: 2 = ["square_avg", "momentum_buffer"], [square, velocity], None, Some(velocity);
    RmsPropMomentum<true>: 3 = ["square_avg", "grad_avg", "momentum_buffer"], [square, mean, velocity], Some(mean), Some(velocity);
}

/// What is the same for all parameters.
#[derive(Clone, Copy)]
struct Factors<T> {
    lr: T,
    old: T,
    new: T,
    eps: T,
    weight_decay: T,
    momentum: T,
}

struct Step<'a, T> {
    factors: Factors<T>,
    parameters: &'a mut [T],
    gradient: &'a [T],
    square: &'a mut [T],
    mean: Option<&'a mut [T]>,
    velocity: Option<&'a mut [T]>,
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { factors, parameters, gradient, square, mean, velocity } = self;
        let entries = parameters.iter_mut().zip(gradient).zip(square);
        // a loop for each kind, so that nothing is asked in it
        match (mean, velocity) {
            (None, None) => entries.for_each(|entry| factors.step(isa, entry, None, None)),
            (Some(mean), None) => {
                entries.zip(mean).for_each(|(entry, mean)| factors.step(isa, entry, Some(mean), None));
            }
            (None, Some(velocity)) => {
                entries.zip(velocity).for_each(|(entry, velocity)| factors.step(isa, entry, None, Some(velocity)));
            }
            (Some(mean), Some(velocity)) => entries
                .zip(mean)
                .zip(velocity)
                .for_each(|((entry, mean), velocity)| factors.step(isa, entry, Some(mean), Some(velocity))),
        }
    }
}

impl<T: Scalar> Factors<T> {
    /// The step of one parameter, with its gradient and its mean square.
    #[inline(always)]
    fn step<I: Isa>(
        self,
        isa: I,
        ((parameter, &gradient), square): ((&mut T, &T), &mut T),
        mean: Option<&mut T>,
        velocity: Option<&mut T>,
    ) {
        let gradient = isa.mul_add(self.weight_decay, *parameter, gradient);
        *square = flush_to_zero(isa.mul_add(self.old, *square, self.new * gradient * gradient));
        let mut variance = *square;
        if let Some(mean) = mean {
            *mean = flush_to_zero(isa.mul_add(self.new, gradient - *mean, *mean));
            variance -= *mean * *mean;
            // rounding can make it less
            variance = if variance < T::ZERO { T::ZERO } else { variance };
        }
        let mut direction = gradient / (variance.sqrt() + self.eps);
        if let Some(velocity) = velocity {
            *velocity = flush_to_zero(isa.mul_add(self.momentum, *velocity, direction));
            direction = *velocity;
        }
        *parameter = isa.mul_add(-self.lr, direction, *parameter);
    }
}
