//! The mean and the reciprocal standard deviation of a group, of each sample.

use crate::kernels::Isa;
use crate::scalar::Scalar;

pub(super) struct Statistics<T, const BATCH: usize> {
    pub(super) mean: [T; BATCH],
    pub(super) rstd: [T; BATCH],
}

impl<T: Scalar, const BATCH: usize> Statistics<T, BATCH> {
    /// The statistics of a group; without a mean, those of the distance from 0.
    #[inline(always)]
    pub(super) fn measure<I: Isa>(isa: I, group: &[[T; BATCH]], is_centred: bool, eps: T) -> Self {
        let size = T::from_f64(group.len() as f64);
        let mut mean = [T::ZERO; BATCH];
        let [sums, mut squares] = moments(isa, group, &mean);
        let mut rest = mean;
        if is_centred {
            for (mean, &sum) in mean.iter_mut().zip(&sums) {
                *mean = sum / size;
            }
            // from the mean on, squares lose nothing; the differences add up to what rounding has left
            [rest, squares] = moments(isa, group, &mean);
        }
        let mut rstd = squares;
        for ((mean, rstd), &rest) in mean.iter_mut().zip(&mut rstd).zip(&rest) {
            let rest = rest / size;
            *mean += rest;
            let var = *rstd / size - rest * rest;
            let var = if var < T::ZERO { T::ZERO } else { var };
            *rstd = T::ONE / (var + eps).sqrt();
        }
        Self { mean, rstd }
    }

    /// What a forward pass has kept.
    #[inline(always)]
    pub(super) fn kept(kept: &[[T; BATCH]]) -> Self {
        let lane = |index| kept.get(index).copied().unwrap_or([T::ZERO; BATCH]);
        Self { rstd: lane(0), mean: lane(1) }
    }

    /// Keeps as much as there is room for.
    #[inline(always)]
    pub(super) fn keep(&self, kept: &mut [[T; BATCH]]) {
        for (kept, lane) in kept.iter_mut().zip([&self.rstd, &self.mean]) {
            *kept = *lane;
        }
    }

    #[inline(always)]
    pub(super) fn rows(&self) -> impl Iterator<Item = (&T, &T)> {
        self.mean.iter().zip(&self.rstd)
    }

    /// `mean(grad_norm)` and `rstd² · mean(grad_norm · (input - mean))`, from the sums of what the means are of.
    #[inline(always)]
    pub(super) fn through(
        &self,
        sums: &[T; BATCH],
        moments: &[T; BATCH],
        size: usize,
        is_centred: bool,
    ) -> [[T; BATCH]; 2] {
        let share = T::ONE / T::from_f64(size as f64);
        let (mut through_mean, mut through_rstd) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
        if is_centred {
            for (through_mean, &sum) in through_mean.iter_mut().zip(sums) {
                *through_mean = sum * share;
            }
        }
        for ((through_rstd, &moment), &rstd) in through_rstd.iter_mut().zip(moments).zip(&self.rstd) {
            *through_rstd = moment * share * (rstd * rstd);
        }
        [through_mean, through_rstd]
    }
}

/// The sums of the differences from `centre` and of their squares, of each sample.
#[inline(always)]
fn moments<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    group: &[[T; BATCH]],
    centre: &[T; BATCH],
) -> [[T; BATCH]; 2] {
    // a small batch fills the registers only with its neighbouring columns
    if BATCH < 8 {
        in_blocks::<I, T, BATCH, 16>(isa, group, centre)
    } else {
        in_blocks::<I, T, BATCH, 1>(isa, group, centre)
    }
}

#[inline(always)]
fn in_blocks<I: Isa, T: Scalar, const BATCH: usize, const BLOCK: usize>(
    isa: I,
    group: &[[T; BATCH]],
    centre: &[T; BATCH],
) -> [[T; BATCH]; 2] {
    let (mut sums, mut squares) = ([[T::ZERO; BATCH]; BLOCK], [[T::ZERO; BATCH]; BLOCK]);
    let (blocks, rest) = group.as_chunks::<BLOCK>();
    for block in blocks {
        add_moments(isa, block, centre, &mut sums, &mut squares);
    }
    add_moments(isa, rest, centre, &mut sums, &mut squares);
    [sums, squares].map(|parts| {
        let mut totals = [T::ZERO; BATCH];
        for part in &parts {
            for (total, &part) in totals.iter_mut().zip(part) {
                *total += part;
            }
        }
        totals
    })
}

#[inline(always)]
fn add_moments<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    columns: &[[T; BATCH]],
    centre: &[T; BATCH],
    sums: &mut [[T; BATCH]],
    squares: &mut [[T; BATCH]],
) {
    for (column, (sums, squares)) in columns.iter().zip(sums.iter_mut().zip(squares)) {
        for ((&value, &centre), (sum, square)) in column.iter().zip(centre).zip(sums.iter_mut().zip(squares)) {
            let difference = value - centre;
            *sum += difference;
            *square = isa.mul_add(difference, difference, *square);
        }
    }
}
