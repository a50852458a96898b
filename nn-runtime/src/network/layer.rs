//! The trait of a layer that a user writes, and networks as layers.

use bytemuck::Zeroable;
use nalgebra::SMatrix;
use rand_core::Rng;

use super::{LayerInfo, Parameters, Pass, Tensor};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A layer that is not one of the library's: a user's own, or a whole network, from `IN` values of type `T` to `OUT`.
///
/// `network!` uses one by its type's path, with its output's shape: `my_layer: MyLayer -> [16]`. A value of the type is
/// the layer's parameters, plain old data made of `T` alone, so that it is a part of the network's flat slice: a stage's type
/// derives `Clone`, `Copy`, `Debug`, `PartialEq`, `Pod` and `Zeroable`. The compiler checks the size and the alignment of the type,
/// not its fields: a `u32` beside `f32`s would be trained as an `f32`, so keep settings in associated consts or const generics.
///
/// A training step calls [`forward`](Self::forward), [`backward_parameters`](Self::backward_parameters) and, where
/// something before the layer is trained, [`backward_input`](Self::backward_input), with one cache.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer from {IN} values of type `{T}` to {OUT}",
    label = "this needs `Layer<{IN}, {OUT}, {T}>`",
    note = "a network is a layer of its own sizes in the type that it computes in, if its input is of that type and no stage is frozen"
)]
pub trait Layer<const IN: usize, const OUT: usize, T: Scalar = f32>: Sized {
    /// What the forward pass keeps for the backward pass, and their scratch memory, for tiles of `BATCH` rows.
    type Cache<const BATCH: usize>: Zeroable;
    /// The scratch memory of a forward pass in evaluation mode, for tiles of `BATCH` rows.
    type Scratch<const BATCH: usize>: Zeroable;

    /// The number of multiply-adds of a forward pass over one sample, for the table of layers.
    const MULTIPLY_ADDS: u64 = 0;
    /// The layer's parameters and running statistics, in memory order, without gaps; empty for a network.
    /// Without names of their own, all values are one trained tensor, `parameters`.
    const TENSORS: &'static [Tensor] = &[Tensor {
        name: "parameters",
        shape: &[size_of::<Self>() / size_of::<T>()],
        dtype: T::DTYPE,
        is_state: false,
        is_row_major: false,
    }];
    /// The layers inside, if it is a network.
    const INNER: &'static [LayerInfo] = &[];
    /// Whether the layer takes statistics over the batch, so that a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool = false;
    /// Whether a mini-batch needs two samples or more, as for statistics over a single value of each sample.
    const NEEDS_SEVERAL_SAMPLES: bool = false;

    /// Draws new parameters, in place.
    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R);

    /// Overwrites `output`, and `cache` with what the backward pass needs.
    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut Self::Cache<BATCH>,
        pass: Pass,
    );

    /// Overwrites `output`, in evaluation mode.
    fn infer<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        scratch: &mut Self::Scratch<BATCH>,
    );

    /// Adds the gradients of the parameters to `gradient`.
    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        gradient: &mut Self,
        pass: Pass,
    );

    /// Overwrites the input with the gradient of the loss with respect to it, after
    /// [`backward_parameters`](Self::backward_parameters).
    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        pass: Pass,
    );
}

#[diagnostic::do_not_recommend]
impl<N, T: Scalar, const IN: usize, const OUT: usize> Layer<IN, OUT, T> for N
where
    N: Parameters<Scalar = T, Input = [T; IN], Output = [T; OUT], Frozen = ()>,
{
    type Cache<const BATCH: usize> = N::Workspace<BATCH>;
    type Scratch<const BATCH: usize> = N::InferenceWorkspace<BATCH>;

    const MULTIPLY_ADDS: u64 = super::table::multiply_adds(N::LAYERS);
    const TENSORS: &'static [Tensor] = &[];
    const INNER: &'static [LayerInfo] = N::LAYERS;
    const NEEDS_WHOLE_BATCH: bool = N::NEEDS_WHOLE_BATCH;
    const NEEDS_SEVERAL_SAMPLES: bool = N::NEEDS_SEVERAL_SAMPLES;

    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        Parameters::init(self, rng);
    }

    #[inline(always)]
    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut N::Workspace<BATCH>,
        pass: Pass,
    ) {
        self.forward_with(isa, &(), input, cache, pass);
        output.data.0.copy_from_slice(&N::output_then_grad(cache).data.0);
    }

    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        scratch: &mut N::InferenceWorkspace<BATCH>,
    ) {
        output.data.0.copy_from_slice(&self.infer_with(isa, &(), input, scratch).data.0);
    }

    #[inline(always)]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        cache: &mut N::Workspace<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        gradient: &mut Self,
        pass: Pass,
    ) {
        N::output_then_grad(cache).data.0.copy_from_slice(&grad_output.data.0);
        self.backward_with(isa, &(), input, cache, gradient, pass);
    }

    #[inline(always)]
    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        cache: &mut N::Workspace<BATCH>,
        _grad_output: &SMatrix<T, BATCH, OUT>,
        pass: Pass,
    ) {
        self.backward_input_with(isa, &(), input_then_grad, cache, pass);
    }
}
