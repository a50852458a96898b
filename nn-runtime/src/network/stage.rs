//! Stages whose type is from elsewhere: another network, or a user's own layer.

pub mod each;
pub mod steps;

use core::marker::PhantomData;

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;
use rand_core::Rng;

use super::ending::{EndsWith as _, Numbered as _, Other};
use super::table::multiply_adds;
use super::{Differentiable, Layer, LayerInfo, Parameters, Pass, Port, Row, Tensor, Tile};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A type as a stage: `As<Net, true>` for a network, `As<Own, false>` for a layer of a user's own.
#[derive(Debug)]
pub struct As<Type: ?Sized, const IS_NETWORK: bool>(PhantomData<Type>);

/// What an expansion calls for a stage that takes `Input` and makes `Output`.
pub trait Stage<Input: Row, Output: Row> {
    /// The parameters.
    type Value;
    /// The parameters that are frozen inside of a network.
    type Frozen: Pod;
    /// What a training pass keeps.
    type Cache<const BATCH: usize>: Zeroable;
    /// The scratch memory of a pass in evaluation mode.
    type Scratch<const BATCH: usize>: Zeroable;

    /// The number of its last layer.
    const LAST: usize;
    /// The number of multiply-adds of a forward pass over one sample.
    const MULTIPLY_ADDS: u64;
    /// The tensors of a layer.
    const TENSORS: &'static [Tensor];
    /// The table of a network.
    const INNER: &'static [LayerInfo];
    /// For index inputs: the number of entries.
    const INDEX_BOUND: Option<usize>;
    /// Whether a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool;
    /// Whether a mini-batch needs two samples or more.
    const NEEDS_SEVERAL_SAMPLES: bool;

    /// Draws new parameters.
    fn init<R: Rng + ?Sized>(value: &mut Self::Value, rng: &mut R);

    /// Draws new parameters of the stages that are frozen inside.
    fn init_frozen<R: Rng + ?Sized>(frozen: &mut Self::Frozen, rng: &mut R);

    /// Overwrites `output`, and `cache` with what the backward pass needs.
    fn forward<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input: &Tile<Input, BATCH>,
        output: &mut Tile<Output, BATCH>,
        cache: &mut Self::Cache<BATCH>,
        pass: Pass,
    );

    /// Overwrites `output`, in evaluation mode.
    fn infer<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input: &Tile<Input, BATCH>,
        output: &mut Tile<Output, BATCH>,
        scratch: &mut Self::Scratch<BATCH>,
    );

    /// Adds the gradients of the parameters to `gradient`.
    fn backward_parameters<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input: &Tile<Input, BATCH>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &Tile<Output, BATCH>,
        gradient: &mut Self::Value,
        pass: Pass,
    );

    /// Overwrites the input with its gradient, after `backward_parameters`.
    fn backward_input<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input_then_grad: &mut Tile<Input, BATCH>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &Tile<Output, BATCH>,
        pass: Pass,
    );
}

/// A [`Stage`] that gives its input a gradient without its parameters.
pub trait StageGradient<Input: Row, Output: Row>: Stage<Input, Output> {
    /// What is kept for the gradient of the input alone.
    type Trace<const BATCH: usize>: Zeroable;

    /// Overwrites `output`, in evaluation mode, and `trace` with what the gradient of the input needs.
    fn trace<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input: &Tile<Input, BATCH>,
        output: &mut Tile<Output, BATCH>,
        trace: &mut Self::Trace<BATCH>,
    );

    /// Overwrites the input with its gradient, after `trace`.
    fn trace_backward<I: Isa, const BATCH: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        input_then_grad: &mut Tile<Input, BATCH>,
        trace: &mut Self::Trace<BATCH>,
        grad_output: &Tile<Output, BATCH>,
    );
}

impl<P: Parameters> Stage<P::Input, P::Output> for As<P, true> {
    type Value = P;
    type Frozen = P::Frozen;
    type Cache<const BATCH: usize> = P::Workspace<BATCH>;
    type Scratch<const BATCH: usize> = P::Scratch<BATCH>;

    const LAST: usize = P::Ending::LAST;
    const MULTIPLY_ADDS: u64 = multiply_adds(P::LAYERS);
    const TENSORS: &'static [Tensor] = &[];
    const INNER: &'static [LayerInfo] = P::LAYERS;
    const INDEX_BOUND: Option<usize> = index_bound(P::INPUTS);
    const NEEDS_WHOLE_BATCH: bool = P::NEEDS_WHOLE_BATCH;
    const NEEDS_SEVERAL_SAMPLES: bool = P::NEEDS_SEVERAL_SAMPLES;

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
        input: &Tile<P::Input, BATCH>,
        output: &mut Tile<P::Output, BATCH>,
        cache: &mut P::Workspace<BATCH>,
        pass: Pass,
    ) {
        value.forward_with(isa, frozen, input, cache, pass);
        P::Output::copy_tile(P::output_then_grad(cache), output);
    }

    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &Tile<P::Input, BATCH>,
        output: &mut Tile<P::Output, BATCH>,
        scratch: &mut P::Scratch<BATCH>,
    ) {
        P::Output::copy_tile(value.infer_with(isa, frozen, input, scratch), output);
    }

    #[inline(always)]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &Tile<P::Input, BATCH>,
        cache: &mut P::Workspace<BATCH>,
        grad_output: &Tile<P::Output, BATCH>,
        gradient: &mut P,
        pass: Pass,
    ) {
        P::Output::copy_tile(grad_output, P::output_then_grad(cache));
        value.backward_with(isa, frozen, input, cache, gradient, pass);
    }

    #[inline(always)]
    fn backward_input<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input_then_grad: &mut Tile<P::Input, BATCH>,
        cache: &mut P::Workspace<BATCH>,
        _grad_output: &Tile<P::Output, BATCH>,
        pass: Pass,
    ) {
        value.backward_input_with(isa, frozen, input_then_grad, cache, pass);
    }
}

impl<P: Differentiable> StageGradient<P::Input, P::Output> for As<P, true> {
    type Trace<const BATCH: usize> = P::Trace<BATCH>;

    #[inline(always)]
    fn trace<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input: &Tile<P::Input, BATCH>,
        output: &mut Tile<P::Output, BATCH>,
        trace: &mut P::Trace<BATCH>,
    ) {
        value.trace_with(isa, frozen, input, trace);
        P::Output::copy_tile(P::traced_output_then_grad(trace), output);
    }

    #[inline(always)]
    fn trace_backward<I: Isa, const BATCH: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        input_then_grad: &mut Tile<P::Input, BATCH>,
        trace: &mut P::Trace<BATCH>,
        grad_output: &Tile<P::Output, BATCH>,
    ) {
        P::Output::copy_tile(grad_output, P::traced_output_then_grad(trace));
        value.trace_backward_with(isa, frozen, input_then_grad, trace);
    }
}

impl<L, T: Scalar, const IN: usize, const OUT: usize> Stage<[T; IN], [T; OUT]> for As<L, false>
where
    L: Layer<IN, OUT, T>,
{
    type Value = L;
    type Frozen = ();
    type Cache<const BATCH: usize> = L::Cache<BATCH>;
    type Scratch<const BATCH: usize> = L::Cache<BATCH>;

    const LAST: usize = Other::NUMBER;
    const MULTIPLY_ADDS: u64 = L::MULTIPLY_ADDS;
    const TENSORS: &'static [Tensor] = L::TENSORS;
    const INNER: &'static [LayerInfo] = &[];
    const INDEX_BOUND: Option<usize> = None;
    const NEEDS_WHOLE_BATCH: bool = L::NEEDS_WHOLE_BATCH;
    const NEEDS_SEVERAL_SAMPLES: bool = L::NEEDS_SEVERAL_SAMPLES;

    fn init<R: Rng + ?Sized>(value: &mut L, rng: &mut R) {
        value.init(rng);
    }

    fn init_frozen<R: Rng + ?Sized>(_frozen: &mut (), _rng: &mut R) {}

    #[inline(always)]
    fn forward<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut L::Cache<BATCH>,
        pass: Pass,
    ) {
        value.forward(isa, input, output, cache, pass);
    }

    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        scratch: &mut L::Cache<BATCH>,
    ) {
        value.infer(isa, input, output, scratch);
    }

    #[inline(always)]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        cache: &mut L::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        gradient: &mut L,
        pass: Pass,
    ) {
        value.backward_parameters(isa, input, cache, grad_output, gradient, pass);
    }

    #[inline(always)]
    fn backward_input<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        cache: &mut L::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        pass: Pass,
    ) {
        value.backward_input(isa, input_then_grad, cache, grad_output, pass);
    }
}

impl<L, T: Scalar, const IN: usize, const OUT: usize> StageGradient<[T; IN], [T; OUT]> for As<L, false>
where
    L: Layer<IN, OUT, T>,
{
    type Trace<const BATCH: usize> = L::Cache<BATCH>;

    #[inline(always)]
    fn trace<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        trace: &mut L::Cache<BATCH>,
    ) {
        value.forward(isa, input, output, trace, Pass::inference(BATCH as u32));
    }

    #[inline(always)]
    fn trace_backward<I: Isa, const BATCH: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        trace: &mut L::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
    ) {
        value.backward_input(isa, input_then_grad, trace, grad_output, Pass::inference(BATCH as u32));
    }
}

/// The bound of the indices of a network that takes them alone.
const fn index_bound(inputs: &[Port]) -> Option<usize> {
    if let [input] = inputs { input.index_bound } else { None }
}
