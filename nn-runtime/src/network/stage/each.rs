//! A network that is applied to every step of a sequence: the body of an `each`. PyTorch: the module on `input.flatten(0, 1)`.
//!
//! A step's values are a range of a tile's columns, so that each step is a tile of its own, and is never copied.

use core::marker::PhantomData;

use nalgebra::SMatrix;
use rand_core::Rng;

use super::{As, Stage, StageGradient, index_bound};
use crate::kernels::Isa;
use crate::network::ending::EndsWith as _;
use crate::network::table::multiply_adds;
use crate::network::{Differentiable, LayerInfo, Parameters, Pass, Tensor};
use crate::scalar::{Element, Scalar};

/// A network as a stage that is applied to each of `STEPS` steps, with the same parameters.
#[derive(Debug)]
pub struct Each<P: ?Sized, const STEPS: usize>(PhantomData<P>);

impl<P, E, T, const STEPS: usize, const IN: usize, const OUT: usize, const INPUTS: usize, const OUTPUTS: usize>
    Stage<[E; INPUTS], [T; OUTPUTS]> for Each<P, STEPS>
where
    P: Parameters<Input = [E; IN], Output = [T; OUT]>,
    E: Element,
    T: Scalar,
{
    type Value = P;
    type Frozen = P::Frozen;
    type Cache<const BATCH: usize> = [P::Workspace<BATCH>; STEPS];
    type Scratch<const BATCH: usize> = P::Scratch<BATCH>;

    const LAST: usize = P::Ending::LAST;
    const MULTIPLY_ADDS: u64 = STEPS as u64 * multiply_adds(P::LAYERS);
    const TENSORS: &'static [Tensor] = &[];
    const INNER: &'static [LayerInfo] = P::LAYERS;
    const INDEX_BOUND: Option<usize> = index_bound(P::INPUTS);
    const NEEDS_WHOLE_BATCH: bool = {
        assert!(
            !P::NEEDS_WHOLE_BATCH,
            "a layer inside of `each` takes statistics over the mini-batch, but sees one step at a time"
        );
        false
    };
    const NEEDS_SEVERAL_SAMPLES: bool = false;

    fn init<R: Rng + ?Sized>(value: &mut P, rng: &mut R) {
        value.init(rng);
    }

    fn init_frozen<R: Rng + ?Sized>(frozen: &mut P::Frozen, rng: &mut R) {
        P::init_frozen(frozen, rng);
    }

    #[inline(always)]
    fn forward<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &SMatrix<E, BATCH, INPUTS>,
        output: &mut SMatrix<T, BATCH, OUTPUTS>,
        cache: &mut [P::Workspace<BATCH>; STEPS],
        pass: Pass,
    ) {
        let steps = tiles(input).iter().zip(tiles_mut(output));
        for (step, ((input, output), cache)) in (0..).zip(steps.zip(cache)) {
            As::<P, true>::forward(value, frozen, isa, input, output, cache, pass.stage(step));
        }
    }

    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &SMatrix<E, BATCH, INPUTS>,
        output: &mut SMatrix<T, BATCH, OUTPUTS>,
        scratch: &mut P::Scratch<BATCH>,
    ) {
        let steps = tiles(input).iter().zip(tiles_mut(output));
        for (input, output) in steps {
            As::<P, true>::infer(value, frozen, isa, input, output, scratch);
        }
    }

    #[inline(always)]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &SMatrix<E, BATCH, INPUTS>,
        cache: &mut [P::Workspace<BATCH>; STEPS],
        grad_output: &SMatrix<T, BATCH, OUTPUTS>,
        gradient: &mut P,
        pass: Pass,
    ) {
        let steps = tiles(input).iter().zip(tiles(grad_output));
        for (step, ((input, grad_output), cache)) in (0..).zip(steps.zip(cache)) {
            As::<P, true>::backward_parameters(
                value,
                frozen,
                isa,
                input,
                cache,
                grad_output,
                gradient,
                pass.stage(step),
            );
        }
    }

    #[inline(always)]
    fn backward_input<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input_then_grad: &mut SMatrix<E, BATCH, INPUTS>,
        cache: &mut [P::Workspace<BATCH>; STEPS],
        grad_output: &SMatrix<T, BATCH, OUTPUTS>,
        pass: Pass,
    ) {
        let steps = tiles_mut(input_then_grad).iter_mut().zip(tiles(grad_output));
        for (step, ((input_then_grad, grad_output), cache)) in (0..).zip(steps.zip(cache)) {
            As::<P, true>::backward_input(value, frozen, isa, input_then_grad, cache, grad_output, pass.stage(step));
        }
    }
}

impl<P, E, T, const STEPS: usize, const IN: usize, const OUT: usize, const INPUTS: usize, const OUTPUTS: usize>
    StageGradient<[E; INPUTS], [T; OUTPUTS]> for Each<P, STEPS>
where
    P: Differentiable<Input = [E; IN], Output = [T; OUT]>,
    E: Element,
    T: Scalar,
{
    type Trace<const BATCH: usize> = [P::Trace<BATCH>; STEPS];

    #[inline(always)]
    fn trace<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &SMatrix<E, BATCH, INPUTS>,
        output: &mut SMatrix<T, BATCH, OUTPUTS>,
        trace: &mut [P::Trace<BATCH>; STEPS],
    ) {
        let steps = tiles(input).iter().zip(tiles_mut(output));
        for ((input, output), trace) in steps.zip(trace) {
            As::<P, true>::trace(value, frozen, isa, input, output, trace);
        }
    }

    #[inline(always)]
    fn trace_backward<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input_then_grad: &mut SMatrix<E, BATCH, INPUTS>,
        trace: &mut [P::Trace<BATCH>; STEPS],
        grad_output: &SMatrix<T, BATCH, OUTPUTS>,
    ) {
        let steps = tiles_mut(input_then_grad).iter_mut().zip(tiles(grad_output));
        for ((input_then_grad, grad_output), trace) in steps.zip(trace) {
            As::<P, true>::trace_backward(value, frozen, isa, input_then_grad, trace, grad_output);
        }
    }
}

/// The steps of a tile, of `ONE` values each.
#[inline(always)]
fn tiles<E: Element, const BATCH: usize, const ALL: usize, const ONE: usize>(
    tile: &SMatrix<E, BATCH, ALL>,
) -> &[SMatrix<E, BATCH, ONE>] {
    const { assert!(ALL.is_multiple_of(ONE)) };
    bytemuck::cast_slice(&tile.data.0)
}

/// The same, to be written.
#[inline(always)]
fn tiles_mut<E: Element, const BATCH: usize, const ALL: usize, const ONE: usize>(
    tile: &mut SMatrix<E, BATCH, ALL>,
) -> &mut [SMatrix<E, BATCH, ONE>] {
    const { assert!(ALL.is_multiple_of(ONE)) };
    bytemuck::cast_slice_mut(&mut tile.data.0)
}
