//! The mean and the reciprocal standard deviation of a group, and what is made of them, lane by lane. The lanes are those
//! of some samples, or neighbouring columns of one sample, for which the statistics are the same.

use super::super::extreme::{is_extreme, reciprocal_root};
use crate::kernels::{Isa, load};
use crate::scalar::Scalar;

/// The sums of values' differences from a centre, and of their squares.
#[derive(Clone, Copy)]
pub(super) struct Moments<T, const L: usize> {
    pub(super) sums: [T; L],
    pub(super) squares: [T; L],
}

impl<T: Scalar, const L: usize> Moments<T, L> {
    pub(super) const ZERO: Self = Self { sums: [T::ZERO; L], squares: [T::ZERO; L] };

    #[inline(always)]
    pub(super) fn add<I: Isa>(&mut self, isa: I, values: &[T; L], centre: &[T; L]) {
        let differences = core::array::from_fn(|i| values[i] - centre[i]);
        isa.add_scaled(T::ONE, &differences, &mut self.sums);
        isa.add_products(&differences, &differences, &mut self.squares);
    }
}

/// The values of a group.
pub(super) trait Group<T, const L: usize> {
    /// How many there are of each lane.
    fn size(&self) -> usize;

    /// The moments of each lane about `centre`.
    fn moments<I: Isa>(&self, isa: I, centre: &[T; L]) -> Moments<T, L>;
}

#[derive(Clone, Copy)]
pub(super) struct Statistics<T, const L: usize> {
    pub(super) mean: [T; L],
    pub(super) rstd: [T; L],
}

impl<T: Scalar, const L: usize> Statistics<T, L> {
    /// The statistics of a group; without a mean, those of the distance from 0.
    #[inline(always)]
    pub(super) fn measure<I: Isa>(isa: I, group: &impl Group<T, L>, is_centred: bool, eps: T) -> Self {
        let share = T::ONE / T::from_f64(group.size() as f64);
        let mut mean = [T::ZERO; L];
        let mut around = group.moments(isa, &mean);
        let mut rest = mean;
        if is_centred {
            mean = around.sums.map(|sum| sum * share);
            // from the mean on, squares lose nothing; the differences add up to what rounding has left
            around = group.moments(isa, &mean);
            rest = around.sums.map(|sum| sum * share);
        }
        let rstd = core::array::from_fn(|i| {
            let var = around.squares[i] * share - rest[i] * rest[i];
            let var = if var < T::ZERO { T::ZERO } else { var };
            reciprocal_root(var + eps)
        });
        Self { mean: core::array::from_fn(|i| mean[i] + rest[i]), rstd }
    }

    /// What a forward pass has kept, of the lanes from `lane` on.
    #[inline(always)]
    pub(super) fn kept<const BATCH: usize>(kept: &[[T; BATCH]], lane: usize) -> Self {
        let at = |index: usize| kept.get(index).map_or([T::ZERO; L], |lanes| load(lanes, lane));
        Self { rstd: at(0), mean: at(1) }
    }

    /// Whether one of the lanes has statistics that the type cannot hold.
    #[inline(always)]
    pub(super) fn are_extreme(&self) -> bool {
        // all of them, so that it is no chain of branches
        self.rstd.iter().fold(false, |found, rstd| found | is_extreme(*rstd))
    }

    /// The same for more lanes.
    #[inline(always)]
    pub(super) fn of_all<const MORE: usize>(&self) -> Statistics<T, MORE> {
        Statistics { mean: of_all(&self.mean), rstd: of_all(&self.rstd) }
    }

    /// `norm · weight + bias`
    #[inline(always)]
    pub(super) fn output<I: Isa>(&self, isa: I, input: &[T; L], weight: &[T; L], bias: &[T; L]) -> [T; L] {
        let norm = self.norm(input);
        core::array::from_fn(|i| isa.mul_add(norm[i], weight[i], bias[i]))
    }

    #[inline(always)]
    pub(super) fn norm(&self, input: &[T; L]) -> [T; L] {
        core::array::from_fn(|i| (input[i] - self.mean[i]) * self.rstd[i])
    }
}

/// `Σ grad_norm` and `Σ grad_norm · (input - mean)`, and then what is made of them.
#[derive(Clone, Copy)]
pub(super) struct Through<T, const L: usize> {
    pub(super) mean: [T; L],
    pub(super) rstd: [T; L],
}

impl<T: Scalar, const L: usize> Through<T, L> {
    pub(super) const ZERO: Self = Self { mean: [T::ZERO; L], rstd: [T::ZERO; L] };

    #[inline(always)]
    pub(super) fn add<I: Isa>(&mut self, isa: I, mean: &[T; L], weight: &[T; L], grad: &[T; L], input: &[T; L]) {
        let differences = core::array::from_fn(|i| input[i] - mean[i]);
        let grad_norm = core::array::from_fn(|i| grad[i] * weight[i]);
        isa.add_scaled(T::ONE, &grad_norm, &mut self.mean);
        isa.add_products(&grad_norm, &differences, &mut self.rstd);
    }

    /// `mean(grad_norm)` and `rstd² · mean(grad_norm · (input - mean))`, from the sums.
    #[inline(always)]
    pub(super) fn of_sums(self, statistics: &Statistics<T, L>, size: usize, is_centred: bool) -> Self {
        let share = T::ONE / T::from_f64(size as f64);
        let rstd = core::array::from_fn(|i| self.rstd[i] * share * (statistics.rstd[i] * statistics.rstd[i]));
        let mean = if is_centred { self.mean.map(|sum| sum * share) } else { [T::ZERO; L] };
        Self { mean, rstd }
    }

    /// The same for more lanes.
    #[inline(always)]
    pub(super) fn of_all<const MORE: usize>(&self) -> Through<T, MORE> {
        Through { mean: of_all(&self.mean), rstd: of_all(&self.rstd) }
    }

    /// The gradient of the input.
    #[inline(always)]
    pub(super) fn grad_input<I: Isa>(
        &self,
        isa: I,
        statistics: &Statistics<T, L>,
        weight: &[T; L],
        grad: &[T; L],
        input: &[T; L],
    ) -> [T; L] {
        core::array::from_fn(|i| {
            let term1_2 = isa.mul_add(grad[i], weight[i], -self.mean[i]);
            statistics.rstd[i] * isa.mul_add(statistics.mean[i] - input[i], self.rstd[i], term1_2)
        })
    }
}

#[inline(always)]
fn of_all<T: Scalar, const L: usize, const MORE: usize>(lanes: &[T; L]) -> [T; MORE] {
    [lanes.first().copied().unwrap_or(T::ZERO); MORE]
}
