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
    /// Everything that a training step of [`Recurrent`] writes besides the gradient, for tiles of `BATCH` rows.
    pub struct RecurrentWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 256>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 64>,
        slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 64>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Recurrent`] writes in evaluation mode, for tiles of `BATCH` rows.
    pub struct RecurrentInferenceWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 64>,
    }
}
::nn_runtime::__state! {
    /// What [`Recurrent`] remembers between two steps of a sequence.
    pub struct RecurrentState {
        memory_gru: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 4>,
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 1, 4>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<32, 64> for Recurrent {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<64, true>, 16, nn::Outputs<4, true>>;
        type Workspace<const BATCH: usize> = RecurrentWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = RecurrentInferenceWorkspace<BATCH>;
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
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::gru::init(
                [&mut self.gru.weight_ih_l0], [&mut self.gru.weight_hh_l0], [&mut self.gru.bias_ih_l0],
                [&mut self.gru.bias_hh_l0], rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 32>, workspace: &mut RecurrentWorkspace<BATCH>,
            pass: nn::Pass,
        ) {
            let RecurrentWorkspace { slot0, slot1, .. } = workspace;
            nn::gru::forward(
                isa, [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0], [&self.gru.bias_ih_l0], [&self.gru.bias_hh_l0],
                input, slot1, slot0,
            );
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut RecurrentWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f32, BATCH, 64> {
            let RecurrentWorkspace { slot1, slot2, .. } = workspace;
            nn::copy(slot1, slot2);
            slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 32>, workspace: &mut RecurrentWorkspace<BATCH>,
            gradient: &mut Self, pass: nn::Pass,
        ) {
            let RecurrentWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::gru::backward_shared(isa, [&self.gru.weight_hh_l0], slot1, slot0, slot2);
            nn::gru::backward_parameters(
                isa, input, slot1, slot0, [&mut gradient.gru.weight_ih_l0], [&mut gradient.gru.weight_hh_l0],
                [&mut gradient.gru.bias_ih_l0], [&mut gradient.gru.bias_hh_l0],
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &mut nn::SMatrix<f32, BATCH, 32>,
            workspace: &mut RecurrentWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let RecurrentWorkspace { slot0, .. } = workspace;
            nn::gru::backward_input(isa, [&self.gru.weight_ih_l0], slot0, input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 32>,
            workspace: &'w mut RecurrentInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f32, BATCH, 64> {
            let RecurrentInferenceWorkspace { slot0, .. } = workspace;
            nn::gru::infer(
                isa, [&self.gru.weight_ih_l0], [&self.gru.weight_hh_l0], [&self.gru.bias_ih_l0], [&self.gru.bias_hh_l0],
                input, slot0,
            );
            slot0
        }
    }
    impl Recurrent {
        ::nn_runtime::__constructors!(Recurrent, Recurrent, 32, 64, init);
        ::nn_runtime::__summary!("Recurrent", "f32" "[16, 2]"[32] -> "f32" "[16, 4]"[64]);
        ::nn_runtime::__state_dict!(32, 64);
        ::nn_runtime::__predict!(f32[32] -> f32[64], RecurrentInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[32] -> f32[64], RecurrentInferenceWorkspace);
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Streaming<2, 4> for Recurrent {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type State = RecurrentState;
        #[inline(always)]
        fn step_with<I: nn::Isa>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, 1, 2>, workspace: &mut RecurrentState,
        ) -> nn::SMatrix<f32, 1, 4> {
            let RecurrentState { slot0, memory_gru, .. } = workspace;
            nn::gru::step(
                isa, &self.gru.weight_ih_l0, &self.gru.weight_hh_l0, &self.gru.bias_ih_l0, &self.gru.bias_hh_l0,
                memory_gru, input, slot0,
            );
            *slot0
        }
    }
    impl Recurrent {
        ::nn_runtime::__step!("The output for the next step of a sequence.", f32[2] -> f32[4], RecurrentState);
    }
};
