// What `network!` writes for convolution.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
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
}
::nn_runtime::__parameters! {
    /// The parameters of `conv`.
    pub struct ConvolutionConv {
        /// Parameter `weight`, 4 x 9.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 4, 9>,
        /// Parameter `bias`, 4 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 4>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Convolution`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct ConvolutionWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Convolution`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct ConvolutionInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 144>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<64, 144> for Convolution {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<144, true>, 4, nn::Outputs<36, true>>;
        type Workspace<const __BATCH: usize> = ConvolutionWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = ConvolutionInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Convolution, 64, 144);
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
        const INPUT_SHAPE: &'static [usize] = &[1, 8, 8];
        const OUTPUT_SHAPE: &'static [usize] = &[4, 6, 6];
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::conv2d::init(&mut self.conv.weight, nn::Some(&mut self.conv.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 64>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>, __pass: nn::Pass,
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
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut ConvolutionWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 144> {
            let ConvolutionWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::copy(__slot0, __slot1);
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 64>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
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
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<f32, __BATCH, 64>,
            __workspace: &mut ConvolutionWorkspace<__BATCH>, __pass: nn::Pass,
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
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 64>,
            __workspace: &'w mut ConvolutionInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 144> {
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
    impl Convolution {
        ::nn_runtime::__constructors!(Convolution, Convolution, 64, 144, init);
        ::nn_runtime::__summary!("Convolution", "f32" "[1, 8, 8]"[64] -> "f32" "[4, 6, 6]"[144]);
        ::nn_runtime::__state_dict!(64, 144);
        ::nn_runtime::__weights!(Convolution);
        ::nn_runtime::__predict!(f32[64] -> f32[144], ConvolutionInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[64] -> f32[144], ConvolutionInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Convolution, Convolution, 64, 144, false);
};
