//! The outputs of a network.

use std::marker::PhantomData;

use nn_runtime::bytemuck;
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::network::{Network, Tile};

use super::{check, onnx_case};
use crate::check::Golden;
use crate::parameters::{load, rows_of};
use crate::step::{Values as _, fill, forward, rows_in};

/// The rows of a tile: no divisor of most cases' number of samples.
const BATCH: usize = 4;

/// Checks the outputs of a network in evaluation mode.
///
/// # Panics
///
/// If an output differs; the message says which.
pub fn check_inference<N: Golden>(operator: &str, name: &str) {
    check_outputs::<N, Inference>(operator, name);
}

/// Checks the outputs of a network in training mode.
///
/// # Panics
///
/// If an output differs; the message says which.
pub fn check_training<N: Golden>(operator: &str, name: &str) {
    check_outputs::<N, Training>(operator, name);
}

/// Checks the outputs at the portable level and at the machine's.
fn check_outputs<N: Golden, M: Mode>(operator: &str, name: &str) {
    let case = onnx_case(operator, name);
    let network = load::<N>(&case, "parameter.");
    let input = rows_of(case.tensor("input"));
    let forward = || Forward::<N, M> { network: &network, input: &input, mode: PhantomData };
    for (level, output) in [("portable", forward().run(Portable)), ("dispatched", dispatch(forward()))] {
        check(N::Output::flat(&output), &case, "output", level);
    }
}

/// A mode as a type, so that only the passes of one mode are compiled.
pub(super) trait Mode {
    fn run<I: Isa, N: Network>(isa: I, network: &N, input: &[N::Input]) -> Vec<N::Output>;
}

pub(super) struct Inference;

impl Mode for Inference {
    fn run<I: Isa, N: Network>(isa: I, network: &N, input: &[N::Input]) -> Vec<N::Output> {
        let mut tile: Box<Tile<N::Input, BATCH>> = bytemuck::zeroed_box();
        let mut scratch: Box<N::Scratch<BATCH>> = bytemuck::zeroed_box();
        let mut outputs = Vec::new();
        for rows in input.chunks(BATCH) {
            fill(isa, &mut *tile, rows, &rows[0]);
            let output = network.predict_with(isa, &tile, &mut scratch);
            outputs.extend(rows_in::<N::Output, BATCH>(output, rows.len()));
        }
        outputs
    }
}

struct Training;

impl Mode for Training {
    fn run<I: Isa, N: Network>(isa: I, network: &N, input: &[N::Input]) -> Vec<N::Output> {
        forward::<N, BATCH>(isa, network, input, 0)
    }
}

/// The outputs for a batch of any size.
pub(super) struct Forward<'a, N: Network, M> {
    pub(super) network: &'a N,
    pub(super) input: &'a [N::Input],
    pub(super) mode: PhantomData<M>,
}

impl<N: Network, M: Mode> Kernel for Forward<'_, N, M> {
    type Output = Vec<N::Output>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        M::run(isa, self.network, self.input)
    }
}
