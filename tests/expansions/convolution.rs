// What `network!` writes for convolution.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// Edges of an image.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[1, 8, 8]` | | |
/// | `conv` | `conv2d` | `[4, 6, 6]` | 40 | 1296 |
/// | `relu1` | `relu` | `[4, 6, 6]` | 0 | 0 |
///
/// Workspaces: 1152 bytes a row for training ([`ConvolutionWorkspace::BYTES`]), 576 for inference ([`ConvolutionInferenceWorkspace::BYTES`]).
pub struct Convolution {
    /// `conv2d`: \[1, 8, 8\] -> \[4, 6, 6\]
    pub conv: ConvolutionConv,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `conv`.
pub struct ConvolutionConv {
    /// Parameter `weight`, 4 x 9.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 4, 9>,
    /// Parameter `bias`, 4 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 4>,
}
/// Everything that a training step of [`Convolution`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct ConvolutionWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
}
/// Everything that [`Convolution`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct ConvolutionInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
}
/// Everything that the gradient of an output of [`Convolution`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct ConvolutionTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Convolution {
        type Scalar = f32;
        type Input = [f32; 64];
        type Output = [f32; 144];
        type Ending = nn::Ending<nn::Other, nn::Outputs<144, true>, 4, nn::Outputs<36, true>>;
        type Scratch<const __BATCH: usize> = ConvolutionInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("conv", "conv2d", &[0], &[1, 8, 8], &[4, 6, 6])
                .options(
                    &[
                        ("out_channels", nn::Size(4)), ("kernel_size", nn::Pair([3, 3])), ("stride", nn::Pair([1, 1])),
                        ("padding", nn::Pair([0, 0])), ("dilation", nn::Pair([1, 1])), ("groups", nn::Size(1)),
                        ("bias", nn::Bool(true)),
                    ],
                )
                .multiply_adds(1296)
                .parameters(
                    nn::offset_of!(Convolution, conv) / nn::size_of::<f32>(),
                    &[nn::Tensor::new::<f32>("weight", &[4, 1, 3, 3]), nn::Tensor::new::<f32>("bias", &[4])],
                ),
            nn::layer("relu1", "relu", &[1], &[4, 6, 6], &[4, 6, 6]),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[1, 8, 8])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[4, 6, 6])];
    }
    #[automatically_derived]
    impl nn::Parameters for Convolution {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = ConvolutionWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<ConvolutionInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 144]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Convolution";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Convolution as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::conv2d::init(&mut self.conv.weight, nn::Some(&mut self.conv.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 64], __BATCH>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let ConvolutionWorkspace { __slot0, .. } = __workspace;
            nn::conv2d::forward_relu(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                &self.conv.weight,
                nn::Some(&self.conv.bias),
                __input,
                __slot0,
            );
            nn::watch(__isa, self, 0, __slot0);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut ConvolutionWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 144], __BATCH> {
            let ConvolutionWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::copy(__slot0, __slot1);
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 64], __BATCH>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let ConvolutionWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::relu::backward_input(__isa, __slot0, __slot1);
            nn::conv2d::backward_parameters(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                __input,
                __slot1,
                &mut __gradient.conv.weight,
                nn::Some(&mut __gradient.conv.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 64], __BATCH>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let ConvolutionWorkspace { __slot1, .. } = __workspace;
            nn::conv2d::backward_input(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                &self.conv.weight,
                __slot1,
                __input,
            );
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 64], __BATCH>,
            __workspace: &'w mut ConvolutionInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 144], __BATCH> {
            let ConvolutionInferenceWorkspace { __slot0, .. } = __workspace;
            nn::conv2d::forward_relu(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                &self.conv.weight,
                nn::Some(&self.conv.bias),
                __input,
                __slot0,
            );
            __slot0
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Convolution {
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
    impl nn::Predict for Convolution {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f32; 64], __BATCH>,
            __scratch: &'s mut ConvolutionInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 144], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Convolution {}
    #[automatically_derived]
    impl nn::Parts<Self> for Convolution {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Convolution {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Convolution {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Convolution {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Convolution, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Convolution>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Convolution as nn::Parameters>::init(self, __rng);
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
            shapes: ["[1, 8, 8]", "[4, 6, 6]"], sizes: [64, 144], elements: ["f32", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Convolution, __new, __new);
    }
    impl Convolution {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f32; 64]> + ?nn::Sized),
        ) -> nn::SVector<f32, 144>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<ConvolutionInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f32; 64]> + ?nn::Sized),
            __workspace: &mut ConvolutionInferenceWorkspace,
        ) -> nn::SVector<f32, 144>
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
            __input: &(impl nn::Sample<[f32; 64]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f32, 64>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<ConvolutionTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f32; 64]> + ?nn::Sized),
            __output: usize,
            __trace: &mut ConvolutionTrace,
        ) -> nn::Result<nn::SVector<f32, 64>, nn::GradientError>
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
    ::nn_runtime::__serde!(Convolution, Convolution, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for ConvolutionWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "ConvolutionWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> ConvolutionWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(ConvolutionWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug
    for ConvolutionInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "ConvolutionInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> ConvolutionInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(ConvolutionInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Convolution {
        type Trace<const __BATCH: usize> = ConvolutionTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<ConvolutionTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f32; 64]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 64], __BATCH>,
            __workspace: &mut ConvolutionTrace<__BATCH>,
        ) {
            let ConvolutionTrace { __slot0, .. } = __workspace;
            nn::conv2d::forward_relu(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                &self.conv.weight,
                nn::Some(&self.conv.bias),
                __input,
                __slot0,
            );
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut ConvolutionTrace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 144], __BATCH> {
            let ConvolutionTrace { __slot0, __slot1, .. } = __workspace;
            nn::copy(__slot0, __slot1);
            __slot1
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 64], __BATCH>,
            __workspace: &mut ConvolutionTrace<__BATCH>,
        ) {
            let ConvolutionTrace { __slot0, __slot1, .. } = __workspace;
            nn::relu::backward_input(__isa, __slot0, __slot1);
            nn::conv2d::backward_input(
                __isa,
                nn::Window2d {
                    channels: 1, input: [8, 8], output: [6, 6], kernel: [3, 3], stride: [1, 1], padding: [0, 0],
                    dilation: [1, 1],
                },
                1,
                &self.conv.weight,
                __slot1,
                __input,
            );
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for ConvolutionTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "ConvolutionTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> ConvolutionTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(ConvolutionTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
};
