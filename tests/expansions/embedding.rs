// What `network!` writes for embedding.in.

/// The mean of some words.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[5]` | | |
/// | `table` | `embedding` | `[5, 4]` | 120 | 0 |
/// | `mean1` | `mean` | `[4]` | 0 | 0 |
///
/// Workspaces: 96 bytes a row for training ([`WordsWorkspace::BYTES`]), 96 for inference ([`WordsInferenceWorkspace::BYTES`]).
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct Words {
    /// `embedding`: \[5\] -> \[5, 4\]
    pub table: WordsTable,
}
/// The parameters of `table`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct WordsTable {
    /// Parameter `weight`, 4 x 30.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 4, 30>,
}
/// Everything that a training step of [`Words`] writes besides the gradient, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct WordsWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 20>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 4>,
}
/// Everything that [`Words`] writes in evaluation mode, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct WordsInferenceWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 20>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 4>,
}
#[doc(hidden)]
#[allow(dead_code)]
pub struct WordsState;
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<5, 4> for Words {
        type Scalar = f32;
        type Input = u16;
        type Frozen = ();
        type Workspace<const BATCH: usize> = WordsWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = WordsInferenceWorkspace<BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Words, 5, 4);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("table", "embedding", &[5], &[5, 4])
                .parameters(
                    nn::offset_of!(Words, table) / nn::size_of::<f32>(), &[nn::tensor("weight", &[30, 4]).row_major()],
                ),
            nn::layer("mean1", "mean", &[5, 4], &[4]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[5];
        const OUTPUT_SHAPE: &'static [usize] = &[4];
        const INDEX_BOUND: nn::Option<usize> = nn::Some(30);
        const NEEDS_WHOLE_BATCH: bool = false;
        const HAS_INPUT_GRADIENT: bool = false;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::embedding::init(&mut self.table.weight, rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<u16, BATCH, 5>, workspace: &mut WordsWorkspace<BATCH>,
            pass: nn::Pass,
        ) {
            let WordsWorkspace { slot0, slot1, .. } = workspace;
            nn::embedding::forward(isa, &self.table.weight, input, slot0);
            nn::mean::forward(isa, slot0, slot1);
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut WordsWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f32, BATCH, 4> {
            let WordsWorkspace { slot1, .. } = workspace;
            slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<u16, BATCH, 5>, workspace: &mut WordsWorkspace<BATCH>,
            gradient: &mut Self, pass: nn::Pass,
        ) {
            let WordsWorkspace { slot0, slot1, .. } = workspace;
            nn::mean::backward_input(isa, slot1, slot0);
            nn::embedding::backward_parameters(isa, input, slot0, &mut gradient.table.weight);
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &mut nn::SMatrix<u16, BATCH, 5>, workspace: &mut WordsWorkspace<BATCH>,
            pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<u16, BATCH, 5>,
            workspace: &'w mut WordsInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f32, BATCH, 4> {
            let WordsInferenceWorkspace { slot0, slot1, .. } = workspace;
            nn::embedding::forward(isa, &self.table.weight, input, slot0);
            nn::mean::forward(isa, slot0, slot1);
            slot1
        }
    }
    impl Words {
        ::nn_runtime::__constructors!(Words, 5, 4, init);
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::summary::<Self, 5, 4>("Words")
        }
        /// The output for one sample, in evaluation mode.
        ///
        /// # Errors
        /// If an index is not below the number of embeddings.
        pub fn predict(&self, input: &nn::SVector<u16, 5>) -> nn::Result<nn::SVector<f32, 4>, nn::IndexError> {
            nn::try_predict::<Self, 5, 4>(self, &(), input, &mut WordsInferenceWorkspace::ZERO)
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        ///
        /// # Errors
        /// If an index is not below the number of embeddings.
        pub fn predict_in(
            &self, input: &nn::SVector<u16, 5>, workspace: &mut WordsInferenceWorkspace,
        ) -> nn::Result<nn::SVector<f32, 4>, nn::IndexError> {
            nn::try_predict::<Self, 5, 4>(self, &(), input, workspace)
        }
    }
    impl<const BATCH: usize> WordsWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    impl<const BATCH: usize> WordsInferenceWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    #[diagnostic::on_unimplemented(
        message = "`Words` cannot work step by step: its stage `mean1` takes the mean over all steps",
        label = "this needs every stage to work step by step", note = "`predict` takes the whole sequence"
    )]
    pub trait CannotStep {
        type Output;
        fn none() -> Self::Output;
    }
    #[allow(dead_code)]
    impl Words {
        #[doc(hidden)]
        pub fn step<S: CannotStep, F>(&self, _state: &mut S, _frame: F) -> S::Output {
            S::none()
        }
    }
    #[allow(dead_code)]
    impl WordsState {
        #[doc(hidden)]
        pub const ZERO: Self = Self;
        #[doc(hidden)]
        pub fn reset(&mut self) {}
    }
};
