// What `network!` writes for normalisation.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
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
}
::nn_runtime::__parameters! {
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
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Normalisation`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct NormalisationWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
        __memory_norm: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 2, 2>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Normalisation`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct NormalisationInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 50>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<50, 50> for Normalisation {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<50, true>, 2, nn::Outputs<25, true>>;
        type Workspace<const __BATCH: usize> = NormalisationWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = NormalisationInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Normalisation, 50, 50);
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
        const INPUT_SHAPE: &'static [usize] = &[2, 5, 5];
        const OUTPUT_SHAPE: &'static [usize] = &[2, 5, 5];
        const NEEDS_WHOLE_BATCH: bool = true;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::batch_norm2d::init(
                &mut self.norm.weight, &mut self.norm.bias, &mut self.norm.running_mean, &mut self.norm.running_var,
                __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 50>,
            __workspace: &mut NormalisationWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let NormalisationWorkspace { __slot0, __slot1, __memory_norm, .. } = __workspace;
            nn::batch_norm2d::forward(
                __isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                __input, __slot0, __memory_norm, __pass,
            );
            nn::copy(__slot0, __slot1);
            nn::silu::forward(__isa, __slot1);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut NormalisationWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 50> {
            let NormalisationWorkspace { __slot1, .. } = __workspace;
            __slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 50>,
            __workspace: &mut NormalisationWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
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
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<f32, __BATCH, 50>,
            __workspace: &mut NormalisationWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let NormalisationWorkspace { __slot1, __memory_norm, .. } = __workspace;
            nn::batch_norm2d::backward_input(
                __isa, 0.00001, &self.norm.weight, &self.norm.running_mean, &self.norm.running_var, __memory_norm,
                __slot1, __input, __pass,
            );
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 50>,
            __workspace: &'w mut NormalisationInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 50> {
            let NormalisationInferenceWorkspace { __slot0, .. } = __workspace;
            nn::batch_norm2d::infer(
                __isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                __input, __slot0,
            );
            nn::silu::forward(__isa, __slot0);
            __slot0
        }
    }
    impl Normalisation {
        ::nn_runtime::__constructors!(Normalisation, Normalisation, 50, 50, init);
        ::nn_runtime::__summary!("Normalisation", "f32" "[2, 5, 5]"[50] -> "f32" "[2, 5, 5]"[50]);
        ::nn_runtime::__state_dict!(50, 50);
        ::nn_runtime::__weights!(Normalisation);
        ::nn_runtime::__predict!(f32[50] -> f32[50], NormalisationInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[50] -> f32[50], NormalisationInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Normalisation, Normalisation, 50, 50, false);
};
