// What `network!` writes for normalisation.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// Statistics of the batch.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[2, 5, 5]` | | |
/// | `norm` | `batch_norm2d` | `[2, 5, 5]` | 8 | 50 |
/// | `silu1` | `silu` | `[2, 5, 5]` | 0 | 0 |
///
/// Workspaces: 400 bytes a row for training ([`NormalisationWorkspace::BYTES`]), 200 for inference ([`NormalisationInferenceWorkspace::BYTES`]).
pub struct Normalisation {
    /// `batch_norm2d`: \[2, 5, 5\] -> \[2, 5, 5\]
    pub norm: NormalisationNorm,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `norm`.
pub struct NormalisationNorm {
    /// Parameter `weight`, 2 values.
    pub weight: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 2>,
    /// Parameter `bias`, 2 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 2>,
    /// Running statistic `running_mean`, 2 values.
    pub running_mean: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 2>,
    /// Running statistic `running_var`, 2 values.
    pub running_var: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 2>,
}
/// Everything that a training step of [`Normalisation`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct NormalisationWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
    __memory_norm: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 2, 2>,
}
/// Everything that [`Normalisation`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct NormalisationInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
}
/// Everything that the gradient of an output of [`Normalisation`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct NormalisationTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
    __memory_norm: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 2, 2>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Normalisation {
        type Scalar = f32;
        type Input = [f32; 50];
        type Output = [f32; 50];
        type Ending = nn::Ending<nn::Other, nn::Outputs<50, true>, 2, nn::Outputs<25, true>>;
        type Scratch<const __BATCH: usize> = NormalisationInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("norm", "batch_norm2d", &[0], &[2, 5, 5], &[2, 5, 5])
                .options(&[("eps", nn::Number(0.00001)), ("momentum", nn::Number(0.1))])
                .multiply_adds(50)
                .parameters(
                    nn::offset_of!(Normalisation, norm) / nn::size_of::<f32>(),
                    &[
                        nn::Tensor::new::<f32>("weight", &[2]), nn::Tensor::new::<f32>("bias", &[2]),
                        nn::Tensor::new::<f32>("running_mean", &[2]).state(),
                        nn::Tensor::new::<f32>("running_var", &[2]).state(),
                    ],
                ),
            nn::layer("silu1", "silu", &[1], &[2, 5, 5], &[2, 5, 5]),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[2, 5, 5])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[2, 5, 5])];
    }
    #[automatically_derived]
    impl nn::Parameters for Normalisation {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = NormalisationWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<NormalisationInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 50]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Normalisation";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Normalisation as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        const NEEDS_WHOLE_BATCH: bool = true;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::batch_norm2d::init(
                &mut self.norm.weight, &mut self.norm.bias, &mut self.norm.running_mean, &mut self.norm.running_var,
                __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 50], __BATCH>,
            __workspace: &mut NormalisationWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let NormalisationWorkspace { __slot0, __slot1, __memory_norm, .. } = __workspace;
            nn::batch_norm2d::forward(
                __isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                __input, __slot0, __memory_norm, __pass,
            );
            nn::watch(__isa, self, 0, __slot0);
            nn::copy(__slot0, __slot1);
            nn::silu::forward(__isa, __slot1);
            nn::watch(__isa, self, 1, __slot1);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut NormalisationWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 50], __BATCH> {
            let NormalisationWorkspace { __slot1, .. } = __workspace;
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 50], __BATCH>,
            __workspace: &mut NormalisationWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let NormalisationWorkspace { __slot0, __slot1, __memory_norm, .. } = __workspace;
            nn::silu::backward_input(__isa, __slot0, __slot1);
            nn::batch_norm2d::backward_parameters(
                __isa, 0.00001, 0.1, &self.norm.running_mean, &self.norm.running_var, __input, __memory_norm, __slot1,
                &mut __gradient.norm.weight, &mut __gradient.norm.bias, &mut __gradient.norm.running_mean,
                &mut __gradient.norm.running_var, __pass,
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 50], __BATCH>,
            __workspace: &mut NormalisationWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let NormalisationWorkspace { __slot1, __memory_norm, .. } = __workspace;
            nn::batch_norm2d::backward_input(
                __isa, 0.00001, &self.norm.weight, &self.norm.running_mean, &self.norm.running_var, __memory_norm,
                __slot1, __input, __pass,
            );
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 50], __BATCH>,
            __workspace: &'w mut NormalisationInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 50], __BATCH> {
            let NormalisationInferenceWorkspace { __slot0, .. } = __workspace;
            nn::batch_norm2d::infer(
                __isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                __input, __slot0,
            );
            nn::silu::forward(__isa, __slot0);
            __slot0
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Normalisation {
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
    impl nn::Predict for Normalisation {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f32; 50], __BATCH>,
            __scratch: &'s mut NormalisationInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 50], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Normalisation {}
    #[automatically_derived]
    impl nn::Parts<Self> for Normalisation {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Normalisation {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Normalisation {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Normalisation {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Normalisation, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Normalisation>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Normalisation as nn::Parameters>::init(self, __rng);
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
            shapes: ["[2, 5, 5]", "[2, 5, 5]"], sizes: [50, 50], elements: ["f32", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Normalisation, __new, __new);
    }
    impl Normalisation {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f32; 50]> + ?nn::Sized),
        ) -> nn::SVector<f32, 50>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<NormalisationInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f32; 50]> + ?nn::Sized),
            __workspace: &mut NormalisationInferenceWorkspace,
        ) -> nn::SVector<f32, 50>
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
            __input: &(impl nn::Sample<[f32; 50]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f32, 50>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<NormalisationTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f32; 50]> + ?nn::Sized),
            __output: usize,
            __trace: &mut NormalisationTrace,
        ) -> nn::Result<nn::SVector<f32, 50>, nn::GradientError>
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
    ::nn_runtime::__serde!(Normalisation, Normalisation, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for NormalisationWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "NormalisationWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> NormalisationWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(NormalisationWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug
    for NormalisationInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "NormalisationInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> NormalisationInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(NormalisationInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Normalisation {
        type Trace<const __BATCH: usize> = NormalisationTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<NormalisationTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f32; 50]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 50], __BATCH>,
            __workspace: &mut NormalisationTrace<__BATCH>,
        ) {
            let NormalisationTrace { __slot0, __slot1, __memory_norm, .. } = __workspace;
            nn::batch_norm2d::forward(
                __isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                __input, __slot0, __memory_norm, nn::Pass::inference(__BATCH as u32),
            );
            nn::copy(__slot0, __slot1);
            nn::silu::forward(__isa, __slot1);
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut NormalisationTrace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 50], __BATCH> {
            let NormalisationTrace { __slot1, .. } = __workspace;
            __slot1
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 50], __BATCH>,
            __workspace: &mut NormalisationTrace<__BATCH>,
        ) {
            let NormalisationTrace { __slot0, __slot1, __memory_norm, .. } = __workspace;
            nn::silu::backward_input(__isa, __slot0, __slot1);
            nn::batch_norm2d::backward_input(
                __isa, 0.00001, &self.norm.weight, &self.norm.running_mean, &self.norm.running_var, __memory_norm,
                __slot1, __input, nn::Pass::inference(__BATCH as u32),
            );
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for NormalisationTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "NormalisationTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> NormalisationTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(NormalisationTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
};
