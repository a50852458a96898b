// What `network!` writes for embedding.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
    /// The mean of some words.
    ///
    /// | stage | layer | output | parameters | multiply-adds |
    /// |---|---|---|---:|---:|
    /// | input | | `[5]` | | |
    /// | `table` | `embedding` | `[5, 4]` | 120 | 0 |
    /// | `mean1` | `mean` | `[4]` | 0 | 0 |
    ///
    /// Workspaces: 96 bytes a row for training ([`WordsWorkspace::BYTES`]), 96 for inference ([`WordsInferenceWorkspace::BYTES`]).
    pub struct Words {
        /// `embedding`: \[5\] -> \[5, 4\]
        pub table: WordsTable,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `table`.
    pub struct WordsTable {
        /// Parameter `weight`, 4 x 30.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 4, 30>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Words`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct WordsWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 20>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 4>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Words`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct WordsInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 20>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 4>,
    }
}
#[doc(hidden)]
#[allow(dead_code)]
pub type WordsState = <::nn_runtime::__private::Checked<
    {
        use ::nn_runtime::__private::fits::refuse;
        refuse(
            "`Words` cannot work step by step: its stage `mean1` takes the mean over all steps\nhelp: `predict` takes the whole sequence",
        )
    },
> as ::nn_runtime::__private::Of<()>>::Type;
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<5, 4> for Words {
        type Scalar = f32;
        type Input = u16;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<4, true>, 1, nn::Outputs<4, true>>;
        type Workspace<const __BATCH: usize> = WordsWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = WordsInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Words, 5, 4);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("table", "embedding", &[0], &[5], &[5, 4])
                .options(&[("num_embeddings", nn::Size(30)), ("embedding_dim", nn::Size(4))])
                .parameters(
                    nn::offset_of!(Words, table) / nn::size_of::<f32>(),
                    &[nn::Tensor::new::<f32>("weight", &[30, 4]).row_major()],
                ),
            nn::layer("mean1", "mean", &[1], &[5, 4], &[4]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[5];
        const OUTPUT_SHAPE: &'static [usize] = &[4];
        const INDEX_BOUND: nn::Option<usize> = nn::Some(30);
        const HAS_INPUT_GRADIENT: bool = false;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::embedding::init(&mut self.table.weight, __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<u16, __BATCH, 5>,
            __workspace: &mut WordsWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let WordsWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::embedding::forward(__isa, &self.table.weight, __input, __slot0);
            nn::mean::forward(__isa, __slot0, __slot1);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut WordsWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 4> {
            let WordsWorkspace { __slot1, .. } = __workspace;
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<u16, __BATCH, 5>,
            __workspace: &mut WordsWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
        ) {
            let WordsWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::mean::backward_input(__isa, __slot1, __slot0);
            nn::embedding::backward_parameters(__isa, __input, __slot0, &mut __gradient.table.weight);
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<u16, __BATCH, 5>,
            __workspace: &mut WordsWorkspace<__BATCH>, __pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<u16, __BATCH, 5>,
            __workspace: &'w mut WordsInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 4> {
            let WordsInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::embedding::forward(__isa, &self.table.weight, __input, __slot0);
            nn::mean::forward(__isa, __slot0, __slot1);
            __slot1
        }
    }
    impl Words {
        ::nn_runtime::__constructors!(Words, Words, 5, 4, init);
        ::nn_runtime::__summary!("Words", "u16" "[5]"[5] -> "f32" "[4]"[4]);
        ::nn_runtime::__state_dict!(5, 4);
        ::nn_runtime::__weights!(Words);
        ::nn_runtime::__predict!(u16[5] -> f32[4], WordsInferenceWorkspace);
        ::nn_runtime::__predict_in!(u16[5] -> f32[4], WordsInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Words, Words, 5, 4, false);
    ::nn_runtime::__cannot_step!(Words);
};
