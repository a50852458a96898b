//! A step of a single sample: the gates fill the registers.

use super::{Cell, Parameters};
use crate::kernels::single::{self, Affine, Exactly, Rows};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// The next step of a sequence that comes step by step, of `H` hidden units. Their number is known to the compiler, so that its
/// loops over them are unrolled.
pub(crate) struct Step<'a, C, T, const H: usize> {
    pub(crate) cell: C,
    pub(crate) parameters: Parameters<'a, T>,
    /// The output of the step before.
    pub(crate) previous: &'a [T; H],
    /// The cell state: the previous step's, overwritten with this step's.
    pub(crate) carried: &'a mut [T],
    /// Memory for the gates.
    pub(crate) gates: &'a mut [T],
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T; H],
}

impl<C: Cell, T: Scalar, const H: usize> Kernel for Step<'_, C, T, H> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { cell, parameters, previous, carried, gates, input, output } = self;
        let known = (carried.get_mut(..C::CARRIED * H), gates.get_mut(..C::BLOCKS * H));
        let (Some(carried), Some(gates)) = known else { return };
        make_gates::<I, C, T, Exactly<H>>(isa, cell, parameters, Some(input), previous, gates);
        cell.combine(isa, previous, carried, gates, output);
    }
}

/// The rows of a step's gates that are summed from input and previous output, of `H` hidden units.
struct Summed<C, H>(C, H);

impl<C: Cell, H: Rows> Rows for Summed<C, H> {
    const LEAST: usize = H::LEAST.saturating_mul(C::SUMMED);
    const MOST: usize = H::MOST.saturating_mul(C::SUMMED);
}

/// The rows of a step's other gates.
struct Others<C, H>(C, H);

impl<C: Cell, H: Rows> Rows for Others<C, H> {
    const LEAST: usize = H::LEAST.saturating_mul(C::GATES - C::SUMMED);
    const MOST: usize = H::MOST.saturating_mul(C::GATES - C::SUMMED);
}

/// Makes the sums of a step's gates, and the gates that are made of one sum. Without an input, its products are in `gates`
/// already.
#[inline(always)]
pub(super) fn make_gates<I: Isa, C: Cell, T: Scalar, H: Rows>(
    isa: I,
    cell: C,
    parameters: Parameters<T>,
    input: Option<&[T]>,
    previous: &[T],
    gates: &mut [T],
) {
    let Parameters { weight_ih, weight_hh, bias_ih, bias_hh } = parameters;
    let (rows, summed) = (bias_ih.len(), C::SUMMED * previous.len());
    // not closures of `first`, which the compiler need not inline: then nothing would be known of the lengths
    let of_previous = Affine { matrix: weight_hh, rows, first: 0, input: previous, bias: bias_hh };
    let Some((gates, apart)) = gates.split_at_mut_checked(rows) else { return };
    let Some((together, input_alone)) = gates.split_at_mut_checked(summed) else { return };
    let of_input = Affine { matrix: weight_ih, rows, first: 0, input: input.unwrap_or_default(), bias: bias_ih };
    if input.is_some() {
        single::sum::<I, T, Summed<C, H>, false, true>(isa, of_input, Some(of_previous), together);
        if const { !C::RESETS } {
            let of_input = Affine { first: summed, ..of_input };
            single::sum::<I, T, Others<C, H>, false, false>(isa, of_input, None, input_alone);
        }
    } else {
        let of_previous = Affine { bias: &[], ..of_previous };
        single::sum::<I, T, Summed<C, H>, true, false>(isa, of_previous, None, together);
    }
    super::make_gates(isa, cell, previous.len(), together);
    let others = Affine { first: summed, ..of_previous };
    if const { !C::RESETS } {
        single::sum::<I, T, Others<C, H>, false, false>(isa, others, None, apart);
        return;
    }
    cell.reset(isa, previous, together, apart);
    let of_reset = Affine { input: apart, ..others };
    if input.is_some() {
        let of_input = Affine { first: summed, ..of_input };
        single::sum::<I, T, Others<C, H>, false, true>(isa, of_input, Some(of_reset), input_alone);
    } else {
        let of_reset = Affine { bias: &[], ..of_reset }; // both biases are in `gates` already
        single::sum::<I, T, Others<C, H>, true, false>(isa, of_reset, None, input_alone);
    }
}
