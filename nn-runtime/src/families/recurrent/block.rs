//! A block of steps of a single sample: the products of all of them with the input at once, then step by step.

use super::forward::{Project, add_biases};
use super::single::make_gates;
use super::{Cell, Parameters};
use crate::kernels::single::Exactly;
use crate::kernels::{ByTerm, Isa, Kernel};
use crate::scalar::Scalar;

/// The next `FRAMES` steps of a sequence that comes in blocks, of `H` hidden units.
pub(crate) struct Block<'a, C, T, const FRAMES: usize, const H: usize> {
    pub(crate) cell: C,
    pub(crate) parameters: Parameters<'a, T>,
    /// Memory for the sum of both biases, a value a row.
    pub(crate) bias: &'a mut [T],
    /// The output of the step before, overwritten with that of the last step.
    pub(crate) previous: &'a mut [T; H],
    /// The cell state: the previous step's, overwritten with the last step's.
    pub(crate) carried: &'a mut [T],
    /// Memory for the gates of all steps.
    pub(crate) gates: &'a mut [T],
    /// A lane of steps for each feature.
    pub(crate) input: &'a [T],
    /// A lane of steps for each hidden unit.
    pub(crate) output: &'a mut [[T; FRAMES]],
}

impl<C: Cell, T: Scalar, const FRAMES: usize, const H: usize> Kernel for Block<'_, C, T, FRAMES, H> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { cell, parameters, bias, previous, carried, gates, input, output } = self;
        let Some(carried) = carried.get_mut(..C::CARRIED * H) else { return };
        add_biases(parameters, (C::GATES - C::APART) * H, bias);
        let (weight, kept) = (parameters.weight_ih, C::BLOCKS * H);
        Project { weight, bias, factors: ByTerm(input), term: FRAMES, gates: &mut *gates, kept }.run(isa);
        for (step, gates) in gates.chunks_exact_mut(kept.max(1)).enumerate() {
            make_gates::<I, C, T, Exactly<H>>(isa, cell, parameters, None, previous, gates);
            let mut lanes = [T::ZERO; H];
            cell.combine(isa, previous, carried, gates, &mut lanes);
            for (output, value) in output.iter_mut().zip(lanes) {
                if let Some(place) = output.get_mut(step) {
                    *place = value;
                }
            }
            *previous = lanes;
        }
    }
}
