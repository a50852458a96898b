//! Sums of lanes, such as the gradient of a bias.

use super::{Isa, Kernel};
use crate::scalar::Scalar;

/// Divides `lanes` evenly among `sums`, and adds to each its part.
pub(crate) struct Add<'a, T> {
    pub(crate) lanes: &'a [T],
    pub(crate) sums: &'a mut [T],
}

impl<T: Scalar> Kernel for Add<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let count = self.lanes.len().checked_div(self.sums.len()).unwrap_or_default();
        for (sum, lanes) in self.sums.iter_mut().zip(self.lanes.chunks_exact(count.max(1))) {
            *sum += total(isa, lanes);
        }
    }
}

/// How many sums hide an addition's latency.
const SUMS: usize = 4;

#[inline(always)]
pub(super) fn total<I: Isa, T: Scalar>(isa: I, lanes: &[T]) -> T {
    const LANES: usize = 8;
    let (blocks, rest) = lanes.as_chunks::<{ SUMS * LANES }>();
    let mut sums = [T::ZERO; SUMS * LANES];
    for block in blocks {
        isa.add_scaled(T::ONE, block, &mut sums);
    }
    sums.into_iter().chain(rest.iter().copied()).sum()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn each_sum_is_added_its_part() {
        let lanes: [f64; 105] = core::array::from_fn(|lane| lane as f64);
        let mut sums = [1.0, 2.0, 3.0];
        Portable.call(Add { lanes: &lanes, sums: &mut sums });
        assert_eq!(sums, [1.0 + 595.0, 2.0 + 1820.0, 3.0 + 3045.0]);
    }

    #[test]
    fn no_sums_and_no_lanes_are_no_mistake() {
        Portable.call(Add::<f32> { lanes: &[1.0], sums: &mut [] });
        let mut sums = [1.0_f32];
        Portable.call(Add { lanes: &[], sums: &mut sums });
        assert_eq!(sums, [1.0]);
    }
}
