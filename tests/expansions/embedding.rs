// What `network!` writes for embedding.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
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
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `table`.
pub struct WordsTable {
    /// Parameter `weight`, 4 x 30.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 4, 30>,
}
/// Everything that a training step of [`Words`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct WordsWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 20>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 4>,
}
/// Everything that [`Words`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct WordsInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 20>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 4>,
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
#[doc(hidden)]
#[allow(dead_code)]
pub type WordsBlockWorkspace<const __BATCH: ::core::primitive::usize = 1> = <::nn_runtime::__private::Checked<
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
    impl nn::Architecture for Words {
        type Scalar = f32;
        type Input = [u16; 5];
        type Output = [f32; 4];
        type Ending = nn::Ending<nn::Other, nn::Outputs<4, true>, 1, nn::Outputs<4, true>>;
        type Scratch<const __BATCH: usize> = WordsInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("table", "embedding", &[0], &[5], &[5, 4])
                .options(&[("num_embeddings", nn::Size(30)), ("embedding_dim", nn::Size(4))])
                .parameters(
                    nn::offset_of!(Words, table) / nn::size_of::<f32>(),
                    &[nn::Tensor::new::<f32>("weight", &[30, 4]).row_major()],
                ),
            nn::layer("mean1", "mean", &[1], &[5, 4], &[4]),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[5]).indices(nn::Some(30))];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[4])];
    }
    #[automatically_derived]
    impl nn::Parameters for Words {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = WordsWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<WordsInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 4]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Words";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Words as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        const HAS_INPUT_GRADIENT: bool = false;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::embedding::init(&mut self.table.weight, __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[u16; 5], __BATCH>,
            __workspace: &mut WordsWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let WordsWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::embedding::forward(__isa, &self.table.weight, __input, __slot0);
            nn::watch(__isa, self, 0, __slot0);
            nn::mean::forward(__isa, nn::Whole, __slot0, __slot1);
            nn::watch(__isa, self, 1, __slot1);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut WordsWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 4], __BATCH> {
            let WordsWorkspace { __slot1, .. } = __workspace;
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[u16; 5], __BATCH>,
            __workspace: &mut WordsWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let WordsWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::mean::backward_input(__isa, nn::Whole, __slot1, __slot0);
            nn::embedding::backward_parameters(__isa, __input, __slot0, &mut __gradient.table.weight);
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[u16; 5], __BATCH>,
            __workspace: &mut WordsWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[u16; 5], __BATCH>,
            __workspace: &'w mut WordsInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 4], __BATCH> {
            let WordsInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::embedding::forward(__isa, &self.table.weight, __input, __slot0);
            nn::mean::forward(__isa, nn::Whole, __slot0, __slot1);
            __slot1
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Words {
        type Parameters = Self;
        #[inline(always)]
        fn parameters(&self) -> &Self {
            self
        }
        #[inline(always)]
        fn parameters_mut(&mut self) -> &mut Self {
            self
        }
    }
    #[automatically_derived]
    impl nn::Predict for Words {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[u16; 5], __BATCH>,
            __scratch: &'s mut WordsInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 4], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Words {}
    #[automatically_derived]
    impl nn::Parts<Self> for Words {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Words {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Words {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Words {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>().expect(::nn_runtime::__too_large!(Words, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Words>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Words as nn::Parameters>::init(self, __rng);
        }
        /// Copies all parameters in place. In a build without optimisation, `*a = *b` copies through the stack.
        pub fn copy_from(&mut self, __source: &Self) {
            nn::copy_parameters(__source, self);
        }
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::Summary::of::<Self>()
        }
        #[doc(hidden)]
        pub const __DECLARED: nn::Option<nn::Declared> = nn::Some(nn::Declared {
            shapes: ["[5]", "[4]"], sizes: [5, 4], elements: ["u16", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Words, __new, __new);
    }
    impl Words {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        ///
        /// # Errors
        /// If an index or a length is out of range; nothing is changed then.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[u16; 5]> + ?nn::Sized),
        ) -> nn::Result<nn::SVector<f32, 4>, nn::IndexError>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<WordsInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        ///
        /// # Errors
        /// If an index or a length is out of range; nothing is changed then.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[u16; 5]> + ?nn::Sized),
            __workspace: &mut WordsInferenceWorkspace,
        ) -> nn::Result<nn::SVector<f32, 4>, nn::IndexError>
        where
            <Self as nn::Parameters>::OutputFits: for<'a> nn::Returns<'a, Self>,
        {
            nn::predict(self, __input, __workspace)
        }
        #[doc(hidden)]
        pub fn input_gradient<S>(&self, __input: S, __output: usize) -> nn::Result<S, nn::GradientError>
        where
            Self: for<'a> nn::TakesNumbers<'a>,
        {
            nn::Result::Ok(__input)
        }
        #[doc(hidden)]
        pub fn input_gradient_in<S, W>(
            &self, __input: S, __output: usize, __trace: W,
        ) -> nn::Result<S, nn::GradientError>
        where
            Self: for<'a> nn::TakesNumbers<'a>,
        {
            nn::Result::Ok(__input)
        }
        /// All parameters and running statistics by PyTorch's names, in the order of PyTorch's `state_dict`.
        pub fn state_dict(&self) -> nn::TensorViews<'_, f32> {
            <Self as nn::Network>::state_dict(self)
        }
        /// The same, to be written.
        pub fn state_dict_mut(&mut self) -> nn::TensorViewsMut<'_, f32> {
            <Self as nn::Restore>::state_dict_mut(self)
        }
        ::nn_runtime::__save!();
    }
    ::nn_runtime::__serde!(Words, Words, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for WordsWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "WordsWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> WordsWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(WordsWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for WordsInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "WordsInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> WordsInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(WordsInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[allow(dead_code)]
    impl Words {
        #[doc(hidden)]
        pub fn step<S: nn::CannotStep, F>(&self, __state: &mut S, __frame: F) -> S::Output {
            S::none()
        }
        #[doc(hidden)]
        pub fn step_block<const __FRAMES: usize>(
            &self,
            __state: &mut impl nn::CannotStep,
            __frames: &[impl nn::Sized; __FRAMES],
        ) -> [[f32; 4]; __FRAMES] {
            nn::on_stack()
        }
        #[doc(hidden)]
        pub fn step_block_in<const __FRAMES: usize>(
            &self,
            __state: &mut impl nn::CannotStep,
            __frames: &[impl nn::Sized; __FRAMES],
            __workspace: &mut impl nn::CannotStep,
        ) -> [[f32; 4]; __FRAMES] {
            nn::on_stack()
        }
    }
    #[automatically_derived]
    impl<S: nn::CannotStep> nn::StepsIn<S> for Words {
        type Frame = S::Frame;
        type Made = S::Output;
        type StepFits = nn::Fits<true>;
        fn step_in(&self, __frozen: &(), __state: &mut S, __frame: &S::Frame) -> S::Output {
            S::none()
        }
    }
};
