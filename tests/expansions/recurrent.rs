// What `network!` writes for recurrent.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// A sequence, whole or one step at a time.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[16, 2]` | | |
/// | `gru` | `gru` | `[16, 4]` | 96 | 1152 |
///
/// Workspaces: 1536 bytes a row for training ([`RecurrentWorkspace::BYTES`]), 256 for inference ([`RecurrentInferenceWorkspace::BYTES`]).
pub struct Recurrent {
    /// `gru`: \[16, 2\] -> \[16, 4\]
    pub gru: RecurrentGru,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `gru`.
pub struct RecurrentGru {
    /// Parameter `weight_ih_l0`, 12 x 2.
    pub weight_ih_l0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 12, 2>,
    /// Parameter `weight_hh_l0`, 12 x 4.
    pub weight_hh_l0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 12, 4>,
    /// Parameter `bias_ih_l0`, 12 values.
    pub bias_ih_l0: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 12>,
    /// Parameter `bias_hh_l0`, 12 values.
    pub bias_hh_l0: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 12>,
}
/// Everything that a training step of [`Recurrent`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct RecurrentWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 256>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
}
/// Everything that [`Recurrent`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct RecurrentInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
}
/// Everything that the gradient of an output of [`Recurrent`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct RecurrentTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 256>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
}
/// What [`Recurrent`] remembers between two steps of a sequence.
///
/// An output reads all steps so far.
///
/// No output waits for a later step: the delay and the lookahead are 0 steps.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct RecurrentState {
    __memory_gru: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 4>,
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 1, 4>,
}
/// Everything that [`step_block_in`](Recurrent::step_block_in) of [`Recurrent`] writes besides the state, for blocks of `__BATCH` steps.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct RecurrentBlockWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 16>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 4>,
    __input: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 2>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Recurrent {
        type Scalar = f32;
        type Input = [f32; 32];
        type Output = [f32; 64];
        type Ending = nn::Ending<nn::Other, nn::Outputs<64, true>, 16, nn::Outputs<4, true>>;
        type Scratch<const __BATCH: usize> = RecurrentInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("gru", "gru", &[0], &[16, 2], &[16, 4])
                .options(
                    &[
                        ("hidden_size", nn::Size(4)), ("bidirectional", nn::Bool(false)),
                        ("reset_after", nn::Bool(true)), ("activation", nn::Word("tanh")),
                    ],
                )
                .multiply_adds(1152)
                .parameters(
                    nn::offset_of!(Recurrent, gru) / nn::size_of::<f32>(),
                    &[
                        nn::Tensor::new::<f32>("weight_ih_l0", &[12, 2]),
                        nn::Tensor::new::<f32>("weight_hh_l0", &[12, 4]), nn::Tensor::new::<f32>("bias_ih_l0", &[12]),
                        nn::Tensor::new::<f32>("bias_hh_l0", &[12]),
                    ],
                ),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[16, 2])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[16, 4])];
    }
    #[automatically_derived]
    impl nn::Parameters for Recurrent {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = RecurrentWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<RecurrentInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 64]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Recurrent";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Recurrent as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::gru::init(
                [&mut self.gru.weight_ih_l0], [&mut self.gru.weight_hh_l0], [&mut self.gru.bias_ih_l0],
                [&mut self.gru.bias_hh_l0], __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 32], __BATCH>,
            __workspace: &mut RecurrentWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::gru::forward(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0],
                [&self.gru.bias_ih_l0], [&self.gru.bias_hh_l0], [nn::None], nn::Whole, __input, __slot1, __slot0,
            );
            nn::watch(__isa, self, 0, __slot1);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut RecurrentWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 64], __BATCH> {
            let RecurrentWorkspace { __slot1, __slot2, .. } = __workspace;
            nn::copy(__slot1, __slot2);
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 32], __BATCH>,
            __workspace: &mut RecurrentWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::gru::backward_shared(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [&self.gru.weight_hh_l0], [nn::None], nn::Whole, __slot1,
                __slot0, __slot2,
            );
            nn::gru::backward_parameters(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [nn::None], __input, __slot1, __slot0,
                [&mut __gradient.gru.weight_ih_l0], [&mut __gradient.gru.weight_hh_l0],
                [&mut __gradient.gru.bias_ih_l0], [&mut __gradient.gru.bias_hh_l0],
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 32], __BATCH>,
            __workspace: &mut RecurrentWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, .. } = __workspace;
            nn::gru::backward_input(__isa, [&self.gru.weight_ih_l0], __slot0, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 32], __BATCH>,
            __workspace: &'w mut RecurrentInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 64], __BATCH> {
            let RecurrentInferenceWorkspace { __slot0, .. } = __workspace;
            nn::gru::infer(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0],
                [&self.gru.bias_ih_l0], [&self.gru.bias_hh_l0], [nn::None], nn::Whole, __input, __slot0,
            );
            __slot0
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Recurrent {
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
    impl nn::Predict for Recurrent {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f32; 32], __BATCH>,
            __scratch: &'s mut RecurrentInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 64], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Recurrent {}
    #[automatically_derived]
    impl nn::Parts<Self> for Recurrent {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Recurrent {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Recurrent {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Recurrent {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Recurrent, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Recurrent>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Recurrent as nn::Parameters>::init(self, __rng);
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
            shapes: ["[16, 2]", "[16, 4]"], sizes: [32, 64], elements: ["f32", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Recurrent, __new, __new);
    }
    impl Recurrent {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f32; 32]> + ?nn::Sized),
        ) -> nn::SVector<f32, 64>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<RecurrentInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f32; 32]> + ?nn::Sized),
            __workspace: &mut RecurrentInferenceWorkspace,
        ) -> nn::SVector<f32, 64>
        where
            <Self as nn::Parameters>::OutputFits: for<'a> nn::Returns<'a, Self>,
        {
            nn::predict(self, __input, __workspace)
        }
        /// The gradient of the output at a position with respect to the input, in evaluation mode: how much the output changes with
        /// each value. Where the trace is larger than 64 KiB, write `input_gradient_in`.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient(
            &self,
            __input: &(impl nn::Sample<[f32; 32]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f32, 32>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<RecurrentTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f32; 32]> + ?nn::Sized),
            __output: usize,
            __trace: &mut RecurrentTrace,
        ) -> nn::Result<nn::SVector<f32, 32>, nn::GradientError>
        where
            <Self as nn::Differentiable>::GradientFits: for<'a> nn::ReturnsGradient<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, __trace)
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
    ::nn_runtime::__serde!(Recurrent, Recurrent, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for RecurrentWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "RecurrentWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> RecurrentWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(RecurrentWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for RecurrentInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "RecurrentInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> RecurrentInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(RecurrentInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Recurrent {
        type Trace<const __BATCH: usize> = RecurrentTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<RecurrentTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f32; 32]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 32], __BATCH>,
            __workspace: &mut RecurrentTrace<__BATCH>,
        ) {
            let RecurrentTrace { __slot0, __slot1, .. } = __workspace;
            nn::gru::forward(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0],
                [&self.gru.bias_ih_l0], [&self.gru.bias_hh_l0], [nn::None], nn::Whole, __input, __slot1, __slot0,
            );
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut RecurrentTrace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 64], __BATCH> {
            let RecurrentTrace { __slot1, __slot2, .. } = __workspace;
            nn::copy(__slot1, __slot2);
            __slot2
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 32], __BATCH>,
            __workspace: &mut RecurrentTrace<__BATCH>,
        ) {
            let RecurrentTrace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::gru::backward_shared(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), [&self.gru.weight_hh_l0], [nn::None], nn::Whole, __slot1,
                __slot0, __slot2,
            );
            nn::gru::backward_input(__isa, [&self.gru.weight_ih_l0], __slot0, __input);
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for RecurrentTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "RecurrentTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> RecurrentTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(RecurrentTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Streaming for Recurrent {
        type Frame = [f32; 2];
        type FrameOutput = [f32; 4];
        type State = RecurrentState;
        type StepFits = nn::Fits<{ nn::size_of::<[f32; 4]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn step_with<I: nn::Isa>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 2], 1>,
            __workspace: &mut RecurrentState,
            __output: &mut nn::Tile<[f32; 4], 1>,
        ) {
            let RecurrentState { __slot0, __memory_gru, .. } = __workspace;
            nn::gru::step(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), &self.gru.weight_ih_l0, &self.gru.weight_hh_l0,
                &self.gru.bias_ih_l0, &self.gru.bias_hh_l0, __memory_gru, __input, __slot0,
            );
            <[f32; 4] as nn::Row>::copy_tile::<1>(__slot0, __output);
        }
        type BlockWorkspace<const __BATCH: usize> = RecurrentBlockWorkspace<__BATCH>;
        #[inline(always)]
        fn frames_mut<const __BATCH: usize>(
            __workspace: &mut RecurrentBlockWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 2], __BATCH> {
            &mut __workspace.__input
        }
        #[inline(always)]
        fn step_block_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __state: &mut Self::State,
            __workspace: &'w mut RecurrentBlockWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 4], __BATCH> {
            let RecurrentBlockWorkspace { __slot0, __slot1, __input, .. } = __workspace;
            nn::gru::step_block(
                __isa, nn::gru::Gru::<true, _>(nn::gru::Tanh), &self.gru.weight_ih_l0, &self.gru.weight_hh_l0,
                &self.gru.bias_ih_l0, &self.gru.bias_hh_l0, &mut __state.__memory_gru, __input, __slot1, __slot0,
            );
            __slot1
        }
    }
    #[automatically_derived]
    impl nn::fmt::Debug for RecurrentState {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "RecurrentState", __formatter)
        }
    }
    impl RecurrentState {
        /// The state before the first step.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(RecurrentState, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
        /// Forgets everything, in place, as before the first step.
        pub fn reset(&mut self) {
            nn::write_zeroes(self);
        }
    }
    impl Recurrent {
        /// The output for the next step of a sequence.
        pub fn step(
            &self,
            __state: &mut RecurrentState,
            __frame: &(impl nn::Sample<[f32; 2]> + ?nn::Sized),
        ) -> nn::SVector<f32, 4>
        where
            <Self as nn::Streaming>::StepFits: for<'a> nn::Returns<'a, Self>,
        {
            nn::step(self, __state, __frame)
        }
        /// The outputs of the next `__FRAMES` steps, one row per step: the same as `__FRAMES` calls of `step`, but faster. Blocks of
        /// any length and single steps may alternate.
        ///
        /// Elementwise layers and grouped convolutions give the same bits as `step`. Other convolutions, `linear`, recurrent
        /// layers and sums over features add in another order, so their last bits may differ. Where the workspace is larger than 64 KiB, write `step_block_in`.
        pub fn step_block<const __FRAMES: usize>(
            &self,
            __state: &mut RecurrentState,
            __frames: &[impl nn::Samples<[f32; 2]>; __FRAMES],
        ) -> [[f32; 4]; __FRAMES] {
            nn::step_block(self, __state, __frames)
        }
        /// `step_block` in a workspace of the caller's.
        pub fn step_block_in<const __FRAMES: usize>(
            &self,
            __state: &mut RecurrentState,
            __frames: &[impl nn::Samples<[f32; 2]>; __FRAMES],
            __workspace: &mut RecurrentBlockWorkspace<__FRAMES>,
        ) -> [[f32; 4]; __FRAMES] {
            nn::step_block_in(self, __state, __frames, __workspace)
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for RecurrentBlockWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "RecurrentBlockWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> RecurrentBlockWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(RecurrentBlockWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
};
