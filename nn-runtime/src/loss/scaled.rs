//! A loss times a factor.

use super::error::TargetError;
use super::needs::Inside;
use super::{Hits, Loss};
use crate::OptionError;
use crate::kernels::Isa;
use crate::network::Tile;
use crate::scalar::{Element, Scalar};

/// A loss times a factor: how much the loss of one of several outputs counts beside those of the others.
///
/// ```
/// use nn_runtime::loss::Scaled;
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Car: [2] -> { steering: [1], brake: [3] } {
///         linear(8), trunk: relu,
///         steering: trunk { linear(1) },
///         brake: trunk { linear(3) },
///     }
/// }
///
/// let mut network = Car::new(&mut rng(0));
/// let mut training = Training::<Car, Adam, 2>::boxed();
/// let loss = CarOutput { steering: Scaled::new(Mse, 10.0), brake: CrossEntropy };
/// let target = CarOutput { steering: [0.5], brake: 2_u8 };
/// let total = training.step(&mut network, &Adam::new(0.01), &loss, &[[1.0, 2.0]], &[target])?;
/// let parts = training.report();
/// assert!((parts.steering.loss + parts.brake.loss - f64::from(total)).abs() < 1e-6);
/// # Ok::<(), TrainError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Scaled<L> {
    /// The loss.
    pub loss: L,
    /// What it is multiplied by, above 0.
    pub factor: f64,
}

impl<L> Scaled<L> {
    /// A loss times a factor.
    pub const fn new(loss: L, factor: f64) -> Self {
        Self { loss, factor }
    }
}

impl<L, Needs, Target, E: Element, T: Scalar, const OUT: usize> Loss<Target, [E; OUT], T, Inside<Needs>> for Scaled<L>
where
    L: Loss<Target, [E; OUT], T, Needs>,
{
    fn check_options(&self) -> Result<(), OptionError> {
        OptionError::check_positive::<T>("Scaled", "factor", self.factor)?;
        self.loss.check_options()
    }

    #[inline(always)]
    fn check(&self, target: &Target) -> Result<(), TargetError> {
        self.loss.check(target)
    }

    #[inline(always)]
    fn weight(&self, target: &Target) -> T {
        self.loss.weight(target)
    }

    #[inline(always)]
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &Tile<[E; OUT], BATCH>, targets: &[&Target]) -> T {
        T::from_f64(self.factor) * self.loss.loss(isa, output, targets)
    }

    #[inline(always)]
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<[E; OUT], BATCH>,
        targets: &[&Target],
        scale: T,
    ) -> T {
        let factor = T::from_f64(self.factor);
        factor * self.loss.loss_and_gradient(isa, output_then_grad, targets, factor * scale)
    }

    #[inline(always)]
    fn hits<const BATCH: usize>(&self, output: &Tile<[E; OUT], BATCH>, targets: &[&Target]) -> Option<Hits> {
        self.loss.hits(output, targets)
    }
}
