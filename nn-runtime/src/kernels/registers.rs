//! Whole registers where nothing is optimised: there each iterator and each conversion of an array is a handful of calls, which
//! took three quarters of a training step. Here a register's only call is that of its instruction.
//!
//! Used under `cfg!(debug_assertions)` alone: release builds have loops of their own, which the compiler unrolls. The bits are the
//! same.

use bytemuck::{cast_slice, cast_slice_mut};
use pulp::Simd;

use super::avx2::is_f32;
use crate::scalar::Scalar;

/// Whether `L` values fill whole registers of so many bytes.
pub(super) const fn fills<T, const L: usize>(register: usize) -> bool {
    (L * size_of::<T>()).is_multiple_of(register)
}

/// Adds `factors[row] · lanes` to each row of `sums`, whose lanes fill whole registers.
#[inline(always)]
pub(super) fn add_term<S: Simd, T: Scalar, const L: usize>(
    simd: S,
    factors: &[T],
    lanes: &[T; L],
    sums: &mut [[T; L]],
) {
    let rows = factors.len();
    let (mut row, mut i) = (0, 0);
    if const { is_f32::<T>() } {
        let (factors, lanes) = (cast_slice::<T, f32>(factors), cast_slice::<T, S::f32s>(lanes));
        let (sums, registers) = (cast_slice_mut::<[T; L], S::f32s>(sums), lanes.len());
        while row < rows {
            let (factor, end) = (simd.splat_f32s(factors[row]), i + registers);
            let mut lane = 0;
            while i < end {
                sums[i] = simd.mul_add_f32s(factor, lanes[lane], sums[i]);
                lane += 1;
                i += 1;
            }
            row += 1;
        }
    } else {
        let (factors, lanes) = (cast_slice::<T, f64>(factors), cast_slice::<T, S::f64s>(lanes));
        let (sums, registers) = (cast_slice_mut::<[T; L], S::f64s>(sums), lanes.len());
        while row < rows {
            let (factor, end) = (simd.splat_f64s(factors[row]), i + registers);
            let mut lane = 0;
            while i < end {
                sums[i] = simd.mul_add_f64s(factor, lanes[lane], sums[i]);
                lane += 1;
                i += 1;
            }
            row += 1;
        }
    }
}

/// Adds `factors · lanes` to `sums`, which fill whole registers.
#[inline(always)]
pub(super) fn add_products<S: Simd, T: Scalar>(simd: S, factors: &[T], lanes: &[T], sums: &mut [T]) {
    let mut i = 0;
    if const { is_f32::<T>() } {
        let (factors, lanes) = (cast_slice::<T, S::f32s>(factors), cast_slice::<T, S::f32s>(lanes));
        let sums = cast_slice_mut::<T, S::f32s>(sums);
        while i < sums.len() {
            sums[i] = simd.mul_add_f32s(factors[i], lanes[i], sums[i]);
            i += 1;
        }
    } else {
        let (factors, lanes) = (cast_slice::<T, S::f64s>(factors), cast_slice::<T, S::f64s>(lanes));
        let sums = cast_slice_mut::<T, S::f64s>(sums);
        while i < sums.len() {
            sums[i] = simd.mul_add_f64s(factors[i], lanes[i], sums[i]);
            i += 1;
        }
    }
}
