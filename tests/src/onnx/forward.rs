//! The outputs of a network.

use std::marker::PhantomData;

use nn_runtime::bytemuck;
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network::Network;

use super::{check, onnx_case};
use crate::parameters::{load, rows_of};
use crate::step::{Value, fill, forward, rows_in};

/// The rows of a tile: no divisor of most cases' number of samples.
const BATCH: usize = 4;

/// Checks the outputs of a network in evaluation mode.
///
/// # Panics
///
/// If an output differs; the message says which.
pub fn check_inference<N, const IN: usize, const OUT: usize>(operator: &str, name: &str)
where
    N: Network<IN, OUT, Frozen = (), Scalar = f32, Input: Value>,
{
    check_outputs::<N, Inference, IN, OUT>(operator, name);
}

/// Checks the outputs of a network in training mode.
///
/// # Panics
///
/// If an output differs; the message says which.
pub fn check_training<N, const IN: usize, const OUT: usize>(operator: &str, name: &str)
where
    N: Network<IN, OUT, Frozen = (), Scalar = f32, Input: Value>,
{
    check_outputs::<N, Training, IN, OUT>(operator, name);
}

/// Checks the outputs at the portable level and at the machine's.
fn check_outputs<N, M: Mode, const IN: usize, const OUT: usize>(operator: &str, name: &str)
where
    N: Network<IN, OUT, Frozen = (), Scalar = f32, Input: Value>,
{
    let case = onnx_case(operator, name);
    let network = load::<N, IN, OUT>(&case, "parameter.");
    let input = rows_of(case.tensor("input"));
    let forward = || Forward::<N, M, IN, OUT> { network: &network, input: &input, mode: PhantomData };
    for (level, output) in [("portable", forward().run(Portable)), ("dispatched", dispatch(forward()))] {
        check(output.as_flattened(), &case, "output", level);
    }
}

/// A mode as a type, so that only the passes of one mode are compiled.
pub(super) trait Mode {
    fn run<I: Isa, N: Network<IN, OUT, Frozen = ()>, const IN: usize, const OUT: usize>(
        isa: I,
        network: &N,
        input: &[[N::Input; IN]],
    ) -> Vec<[N::Scalar; OUT]>;
}

pub(super) struct Inference;

impl Mode for Inference {
    fn run<I: Isa, N: Network<IN, OUT, Frozen = ()>, const IN: usize, const OUT: usize>(
        isa: I,
        network: &N,
        input: &[[N::Input; IN]],
    ) -> Vec<[N::Scalar; OUT]> {
        let mut tile: Box<SMatrix<N::Input, BATCH, IN>> = bytemuck::zeroed_box();
        let mut workspace: Box<N::InferenceWorkspace<BATCH>> = bytemuck::zeroed_box();
        let mut outputs = Vec::new();
        for rows in input.chunks(BATCH) {
            fill(&mut tile, rows, rows[0]);
            outputs.extend(rows_in(network.infer_with(isa, &(), &tile, &mut workspace), rows.len()));
        }
        outputs
    }
}

struct Training;

impl Mode for Training {
    fn run<I: Isa, N: Network<IN, OUT, Frozen = ()>, const IN: usize, const OUT: usize>(
        isa: I,
        network: &N,
        input: &[[N::Input; IN]],
    ) -> Vec<[N::Scalar; OUT]> {
        forward::<N, IN, OUT, BATCH>(isa, network, input, 0)
    }
}

/// The outputs for a batch of any size.
pub(super) struct Forward<'a, N: Network<IN, OUT>, M, const IN: usize, const OUT: usize> {
    pub(super) network: &'a N,
    pub(super) input: &'a [[N::Input; IN]],
    pub(super) mode: PhantomData<M>,
}

impl<N, M: Mode, const IN: usize, const OUT: usize> Kernel for Forward<'_, N, M, IN, OUT>
where
    N: Network<IN, OUT, Frozen = ()>,
{
    type Output = Vec<[N::Scalar; OUT]>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        M::run(isa, self.network, self.input)
    }
}
