//! Where a loss or a gradient that is not finite comes from.

use super::Training;
use super::memory::Memory;
use super::samples::Samples;
use super::step::{pass_over, seed_of_step};
use crate::kernels::{Isa, Kernel, Portable, Watch, Watched};
use crate::network::{Frozen, Parameters, Row, StageName, Tile, Trainable};
use crate::optim::{Optimizer, StepError};

/// The error of a step that was refused; of a loss or a gradient that is not finite, by the first stage whose output is not finite, if
/// there is one: outputs are computed before both. The search is a second forward pass; without `std`, where its 6 kB of code count, there is none.
#[cold]
#[inline(never)]
pub(super) fn diagnose<N, O, Target, const BATCH: usize>(
    error: StepError,
    training: &mut Training<N, O, BATCH>,
    network: &N::Parameters,
    frozen: &Frozen<N>,
    samples: Samples<N::Input, Target>,
) -> StepError
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    match error {
        _ if cfg!(not(feature = "std")) => return error,
        StepError::Loss { .. } => {}
        StepError::Gradient { value, .. } if !value.is_finite() => {}
        _ => return error,
    }
    let Training { steps, seed, memory: Memory { input, workspace }, .. } = training;
    let seed = seed_of_step(*seed, *steps);
    // without the machine's fastest instructions, for which all of it would be compiled again
    FirstStage { network, frozen, samples, input, workspace, seed }.run(Portable).unwrap_or(error)
}

/// Runs the forward passes of a training step again; the first stage whose output is not finite.
struct FirstStage<'a, 'd, P: Parameters, Target, const BATCH: usize> {
    network: &'a P,
    frozen: &'a P::Frozen,
    samples: Samples<'d, P::Input, Target>,
    input: &'a mut Tile<P::Input, BATCH>,
    workspace: &'a mut P::Workspace<BATCH>,
    /// The seed of the step's passes.
    seed: u64,
}

impl<P: Parameters, Target, const BATCH: usize> Kernel for FirstStage<'_, '_, P, Target, BATCH> {
    type Output = Option<StepError>;

    fn run<I: Isa>(self, isa: I) -> Option<StepError> {
        let Self { network, frozen, samples, input, workspace, seed } = self;
        samples.tiles(0..samples.len()).find_map(|(first, tile)| {
            let watch = Watch::new(tile.rows);
            P::Input::fill(isa, &tile.inputs, input);
            network.forward_with(
                Watched::new(isa, &watch),
                frozen,
                input,
                workspace,
                pass_over(seed, first, tile.rows),
            );
            let found = watch.found()?;
            let stage = StageName::new(P::LAYERS, found.stage);
            Some(StepError::Activation { stage, row: first + found.row, value: found.value })
        })
    }
}
