// What `network!` writes for recurrent.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
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
}
::nn_runtime::__parameters! {
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
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Recurrent`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct RecurrentWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 256>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
        __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Recurrent`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct RecurrentInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 64>,
    }
}
::nn_runtime::__state! {
    /// What [`Recurrent`] remembers between two steps of a sequence.
    pub struct RecurrentState {
        __memory_gru: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 4>,
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 1, 4>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<32, 64> for Recurrent {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<64, true>, 16, nn::Outputs<4, true>>;
        type Workspace<const __BATCH: usize> = RecurrentWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = RecurrentInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Recurrent, 32, 64);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("gru", "gru", &[0], &[16, 2], &[16, 4])
                .options(&[("hidden_size", nn::Size(4)), ("bidirectional", nn::Bool(false))])
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
        const INPUT_SHAPE: &'static [usize] = &[16, 2];
        const OUTPUT_SHAPE: &'static [usize] = &[16, 4];
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::gru::init(
                [&mut self.gru.weight_ih_l0], [&mut self.gru.weight_hh_l0], [&mut self.gru.bias_ih_l0],
                [&mut self.gru.bias_hh_l0], __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 32>,
            __workspace: &mut RecurrentWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::gru::forward(
                __isa, [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0], [&self.gru.bias_ih_l0],
                [&self.gru.bias_hh_l0], __input, __slot1, __slot0,
            );
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut RecurrentWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 64> {
            let RecurrentWorkspace { __slot1, __slot2, .. } = __workspace;
            nn::copy(__slot1, __slot2);
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 32>,
            __workspace: &mut RecurrentWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::gru::backward_shared(__isa, [&self.gru.weight_hh_l0], __slot1, __slot0, __slot2);
            nn::gru::backward_parameters(
                __isa, __input, __slot1, __slot0, [&mut __gradient.gru.weight_ih_l0],
                [&mut __gradient.gru.weight_hh_l0], [&mut __gradient.gru.bias_ih_l0], [&mut __gradient.gru.bias_hh_l0],
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<f32, __BATCH, 32>,
            __workspace: &mut RecurrentWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let RecurrentWorkspace { __slot0, .. } = __workspace;
            nn::gru::backward_input(__isa, [&self.gru.weight_ih_l0], __slot0, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 32>,
            __workspace: &'w mut RecurrentInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 64> {
            let RecurrentInferenceWorkspace { __slot0, .. } = __workspace;
            nn::gru::infer(
                __isa, [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0], [&self.gru.bias_ih_l0],
                [&self.gru.bias_hh_l0], __input, __slot0,
            );
            __slot0
        }
    }
    impl Recurrent {
        ::nn_runtime::__constructors!(Recurrent, Recurrent, 32, 64, init);
        ::nn_runtime::__summary!("Recurrent", "f32" "[16, 2]"[32] -> "f32" "[16, 4]"[64]);
        ::nn_runtime::__state_dict!(32, 64);
        ::nn_runtime::__weights!(Recurrent);
        ::nn_runtime::__predict!(f32[32] -> f32[64], RecurrentInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[32] -> f32[64], RecurrentInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Recurrent, Recurrent, 32, 64, false);
    #[automatically_derived]
    impl nn::Streaming<2, 4> for Recurrent {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type State = RecurrentState;
        #[inline(always)]
        fn step_with<I: nn::Isa>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, 1, 2>, __workspace: &mut RecurrentState,
        ) -> nn::SMatrix<f32, 1, 4> {
            let RecurrentState { __slot0, __memory_gru, .. } = __workspace;
            nn::gru::step(
                __isa, &self.gru.weight_ih_l0, &self.gru.weight_hh_l0, &self.gru.bias_ih_l0, &self.gru.bias_hh_l0,
                __memory_gru, __input, __slot0,
            );
            *__slot0
        }
    }
    impl Recurrent {
        ::nn_runtime::__step!("The output for the next step of a sequence.", f32[2] -> f32[4], RecurrentState);
    }
};
