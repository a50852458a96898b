//! A loss for any network.

use core::marker::PhantomData;

use super::error::TargetError;
use super::{Hits, Loss};
use crate::OptionError;
use crate::kernels::Isa;
use crate::network::{Row, Tile};
use crate::scalar::Scalar;

/// A loss without its [needs](super::needs), for code that takes any loss, or that has compared them already.
#[derive(Debug)]
pub struct Unchecked<'a, L, Needs> {
    loss: &'a L,
    needs: PhantomData<fn() -> Needs>,
}

impl<'a, L, Needs> Unchecked<'a, L, Needs> {
    /// Wraps a loss. The compiler no longer checks that it suits the network.
    pub const fn new(loss: &'a L) -> Self {
        Self { loss, needs: PhantomData }
    }
}

impl<L, Needs, Target, Output: Row, T: Scalar> Loss<Target, Output, T> for Unchecked<'_, L, Needs>
where
    L: Loss<Target, Output, T, Needs>,
{
    fn check_options(&self) -> Result<(), OptionError> {
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
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &Tile<Output, BATCH>, targets: &[&Target]) -> T {
        self.loss.loss(isa, output, targets)
    }

    #[inline(always)]
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<Output, BATCH>,
        targets: &[&Target],
        scale: T,
    ) -> T {
        self.loss.loss_and_gradient(isa, output_then_grad, targets, scale)
    }

    #[inline(always)]
    fn hits<const BATCH: usize>(&self, output: &Tile<Output, BATCH>, targets: &[&Target]) -> Option<Hits> {
        self.loss.hits(output, targets)
    }

    fn check_each(&self, target: &Target) -> Result<(), (Option<usize>, TargetError)> {
        self.loss.check_each(target)
    }

    #[inline(always)]
    fn weight_each(&self, target: &Target, weights: &mut [f64]) {
        self.loss.weight_each(target, weights);
    }

    #[inline(always)]
    fn loss_each<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
        losses: &mut [f64],
    ) {
        self.loss.loss_each(isa, output, targets, losses);
    }

    #[inline(always)]
    fn loss_and_gradient_each<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<Output, BATCH>,
        targets: &[&Target],
        scales: &[f64],
        losses: &mut [f64],
    ) {
        self.loss.loss_and_gradient_each(isa, output_then_grad, targets, scales, losses);
    }

    #[inline(always)]
    fn hits_each<const BATCH: usize>(&self, output: &Tile<Output, BATCH>, targets: &[&Target], hits: &mut [Hits]) {
        self.loss.hits_each(output, targets, hits);
    }
}
