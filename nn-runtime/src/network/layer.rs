//! The trait of a layer that a user writes.

use bytemuck::Zeroable;
use nalgebra::SMatrix;
use rand_core::Rng;

use super::{Pass, Tensor};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A layer of one's own, from `IN` values of type `T` to `OUT`.
///
/// `network!` uses one by its type's path, with its output's shape: `my_layer: MyLayer -> [16]`. A value of the type is
/// the layer's parameters, plain old data made of `T` alone, so that it is a part of the network's flat slice: a stage's type
/// derives `Clone`, `Copy`, `Debug`, `PartialEq`, `Pod` and `Zeroable`. The compiler checks the size and the alignment of the type,
/// not its fields: a `u32` beside `f32`s would be trained as an `f32`, so keep settings in associated consts or const generics.
///
/// A training step calls [`forward`](Self::forward), then [`backward_parameters`](Self::backward_parameters) unless the stage is
/// frozen, and [`backward_input`](Self::backward_input) where something before the layer is trained, all with one cache.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer from {IN} values of type `{T}` to {OUT}",
    label = "this needs `Layer<{IN}, {OUT}, {T}>`"
)]
pub trait Layer<const IN: usize, const OUT: usize, T: Scalar = f32>: Sized {
    /// What the forward pass keeps for the backward pass, and their scratch memory, for tiles of `BATCH` rows.
    type Cache<const BATCH: usize>: Zeroable;

    /// The number of multiply-adds of a forward pass over one sample, for the table of layers.
    const MULTIPLY_ADDS: u64 = 0;
    /// The layer's parameters and running statistics, in memory order, without gaps.
    /// Without names of their own, all values are one trained tensor, `parameters`.
    const TENSORS: &'static [Tensor] = &[Tensor {
        name: "parameters",
        shape: &[size_of::<Self>() / size_of::<T>()],
        dtype: T::DTYPE,
        is_state: false,
        is_row_major: false,
    }];
    /// Whether the layer takes statistics over the batch, so that a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool = false;
    /// Whether a mini-batch needs two samples or more, as for statistics over a single value of each sample.
    const NEEDS_SEVERAL_SAMPLES: bool = false;

    /// Draws new parameters, in place. A layer without parameters leaves it out.
    #[expect(unused_variables, reason = "the name is documentation")]
    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {}

    /// Overwrites `output`, and `cache` with what the backward pass needs.
    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut Self::Cache<BATCH>,
        pass: Pass,
    );

    /// Overwrites `output`, in evaluation mode; what the cache holds then is not read. Unless written, it is
    /// [`forward`](Self::forward).
    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut Self::Cache<BATCH>,
    ) {
        self.forward(isa, input, output, cache, Pass::inference(BATCH as u32));
    }

    /// Adds the gradients of the parameters to `gradient`. A layer without parameters leaves it out.
    #[inline(always)]
    #[expect(unused_variables, reason = "the names are documentation")]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        gradient: &mut Self,
        pass: Pass,
    ) {
    }

    /// Overwrites the input with the gradient of the loss with respect to it, whether
    /// [`backward_parameters`](Self::backward_parameters) was called before or not.
    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        pass: Pass,
    );
}
