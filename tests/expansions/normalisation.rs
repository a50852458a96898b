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
    /// Everything that a training step of [`Normalisation`] writes besides the gradient, for tiles of `BATCH` rows.
    pub struct NormalisationWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 50>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 50>,
        memory_norm: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 2, 2>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Normalisation`] writes in evaluation mode, for tiles of `BATCH` rows.
    pub struct NormalisationInferenceWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 50>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<50, 50> for Normalisation {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<50, true>, 2, nn::Outputs<25, true>>;
        type Workspace<const BATCH: usize> = NormalisationWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = NormalisationInferenceWorkspace<BATCH>;
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
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::batch_norm2d::init(
                &mut self.norm.weight, &mut self.norm.bias, &mut self.norm.running_mean, &mut self.norm.running_var,
                rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 50>,
            workspace: &mut NormalisationWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let NormalisationWorkspace { slot0, slot1, memory_norm, .. } = workspace;
            nn::batch_norm2d::forward(
                isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                input, slot0, memory_norm, pass,
            );
            nn::copy(slot0, slot1);
            nn::silu::forward(isa, slot1);
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut NormalisationWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f32, BATCH, 50> {
            let NormalisationWorkspace { slot1, .. } = workspace;
            slot1
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 50>,
            workspace: &mut NormalisationWorkspace<BATCH>, gradient: &mut Self, pass: nn::Pass,
        ) {
            let NormalisationWorkspace { slot0, slot1, memory_norm, .. } = workspace;
            nn::silu::backward_input(isa, slot0, slot1);
            nn::batch_norm2d::backward_parameters(
                isa, 0.00001, 0.1, &self.norm.running_mean, &self.norm.running_var, input, memory_norm, slot1,
                &mut gradient.norm.weight, &mut gradient.norm.bias, &mut gradient.norm.running_mean,
                &mut gradient.norm.running_var, pass,
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &mut nn::SMatrix<f32, BATCH, 50>,
            workspace: &mut NormalisationWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let NormalisationWorkspace { slot1, memory_norm, .. } = workspace;
            nn::batch_norm2d::backward_input(
                isa, 0.00001, &self.norm.weight, &self.norm.running_mean, &self.norm.running_var, memory_norm, slot1,
                input, pass,
            );
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 50>,
            workspace: &'w mut NormalisationInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f32, BATCH, 50> {
            let NormalisationInferenceWorkspace { slot0, .. } = workspace;
            nn::batch_norm2d::infer(
                isa, 0.00001, &self.norm.weight, &self.norm.bias, &self.norm.running_mean, &self.norm.running_var,
                input, slot0,
            );
            nn::silu::forward(isa, slot0);
            slot0
        }
    }
    impl Normalisation {
        ::nn_runtime::__constructors!(Normalisation, Normalisation, 50, 50, init);
        ::nn_runtime::__summary!("Normalisation", "f32" "[2, 5, 5]"[50] -> "f32" "[2, 5, 5]"[50]);
        ::nn_runtime::__state_dict!(50, 50);
        ::nn_runtime::__predict!(f32[50] -> f32[50], NormalisationInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[50] -> f32[50], NormalisationInferenceWorkspace);
    }
};
