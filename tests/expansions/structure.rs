// What `network!` writes for structure.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
    /// Branches side by side, behind a stage that is not trained.
    ///
    /// | stage | layer | output | parameters | multiply-adds |
    /// |---|---|---|---:|---:|
    /// | input | | `[6]` | | |
    /// | `start` | `linear` | `[4]` | 28 | 24 |
    /// | `tanh1` | `tanh` | `[4]` | 0 | 0 |
    /// | `linear2` | `linear` | `[5]` | 25 | 20 |
    /// | `dropout1` | `dropout` | `[4]` | 0 | 0 |
    /// | `concat1` | `concat` | `[9]` | 0 | 0 |
    ///
    /// Workspaces: 176 bytes a row for training ([`StructureWorkspace::BYTES`]), 144 for inference ([`StructureInferenceWorkspace::BYTES`]).
    pub struct Structure {
        /// `linear`: \[4\] -> \[5\]
        pub linear2: StructureLinear2,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `linear2`.
    pub struct StructureLinear2 {
        /// Parameter `weight`, 5 x 4.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 5, 4>,
        /// Parameter `bias`, 5 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 5>,
    }
}
::nn_runtime::__parameters! {
    /// The frozen parameters of [`Structure`], apart from those that are trained: they can stay in flash.
    pub struct StructureFrozen {
        /// `linear`: \[6\] -> \[4\]
        pub start: StructureFrozenStart,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `start`.
    pub struct StructureFrozenStart {
        /// Parameter `weight`, 4 x 6.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 4, 6>,
        /// Parameter `bias`, 4 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 4>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Structure`] writes besides the gradient, for tiles of `BATCH` rows.
    pub struct StructureWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 9>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 5>,
        slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
        slot3: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Structure`] writes in evaluation mode, for tiles of `BATCH` rows.
    pub struct StructureInferenceWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 9>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 5>,
        slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<6, 9> for Structure {
        type Scalar = f64;
        type Input = f64;
        type Frozen = StructureFrozen;
        type Ending = nn::Ending<nn::Other, nn::Outputs<9, true>, 1, nn::Outputs<9, true>>;
        type Workspace<const BATCH: usize> = StructureWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = StructureInferenceWorkspace<BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Structure, 6, 9);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("start", "linear", &[0], &[6], &[4])
                .options(&[("out_features", nn::Size(4)), ("bias", nn::Bool(true))])
                .multiply_adds(24)
                .parameters(
                    nn::offset_of!(StructureFrozen, start) / nn::size_of::<f64>(),
                    &[nn::Tensor::new::<f64>("weight", &[4, 6]), nn::Tensor::new::<f64>("bias", &[4])],
                )
                .frozen(),
            nn::layer("tanh1", "tanh", &[1], &[4], &[4]),
            nn::layer("linear2", "linear", &[2], &[4], &[5])
                .options(&[("out_features", nn::Size(5)), ("bias", nn::Bool(true))])
                .multiply_adds(20)
                .parameters(
                    nn::offset_of!(Structure, linear2) / nn::size_of::<f64>(),
                    &[nn::Tensor::new::<f64>("weight", &[5, 4]), nn::Tensor::new::<f64>("bias", &[5])],
                ),
            nn::layer("dropout1", "dropout", &[2], &[4], &[4]).options(&[("p", nn::Number(0.5))]),
            nn::layer("concat1", "concat", &[3, 4], &[4], &[9]).options(&[("dim", nn::Size(0))]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[6];
        const OUTPUT_SHAPE: &'static [usize] = &[9];
        const HAS_INPUT_GRADIENT: bool = false;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::linear::init(&mut self.linear2.weight, nn::Some(&mut self.linear2.bias), rng);
        }
        fn init_frozen<R: nn::Rng + ?nn::Sized>(frozen: &mut StructureFrozen, rng: &mut R) {
            nn::linear::init(&mut frozen.start.weight, nn::Some(&mut frozen.start.bias), rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &StructureFrozen, input: &nn::SMatrix<f64, BATCH, 6>,
            workspace: &mut StructureWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let StructureWorkspace { slot0, slot1, slot2, slot3, .. } = workspace;
            nn::linear::forward(isa, &frozen.start.weight, nn::Some(&frozen.start.bias), input, slot2);
            nn::tanh::forward(isa, slot2);
            nn::linear::forward(isa, &self.linear2.weight, nn::Some(&self.linear2.bias), slot2, slot1);
            nn::copy(slot2, slot3);
            nn::dropout::forward(isa, 0.5, slot3, pass.stage(3));
            nn::join(slot1, slot0, 1, 0);
            nn::join(slot3, slot0, 1, 5);
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut StructureWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f64, BATCH, 9> {
            let StructureWorkspace { slot0, .. } = workspace;
            slot0
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &StructureFrozen, input: &nn::SMatrix<f64, BATCH, 6>,
            workspace: &mut StructureWorkspace<BATCH>, gradient: &mut Self, pass: nn::Pass,
        ) {
            let StructureWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::split(slot1, slot0, 1, 0);
            nn::linear::backward_parameters(
                isa, slot2, slot1, &mut gradient.linear2.weight, nn::Some(&mut gradient.linear2.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &StructureFrozen, input: &mut nn::SMatrix<f64, BATCH, 6>,
            workspace: &mut StructureWorkspace<BATCH>, pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &StructureFrozen, input: &nn::SMatrix<f64, BATCH, 6>,
            workspace: &'w mut StructureInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f64, BATCH, 9> {
            let StructureInferenceWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::linear::forward(isa, &frozen.start.weight, nn::Some(&frozen.start.bias), input, slot2);
            nn::tanh::forward(isa, slot2);
            nn::linear::forward(isa, &self.linear2.weight, nn::Some(&self.linear2.bias), slot2, slot1);
            nn::join(slot1, slot0, 1, 0);
            nn::join(slot2, slot0, 1, 5);
            slot0
        }
    }
    impl Structure {
        ::nn_runtime::__constructors!(Structure, Structure, 6, 9, init);
        ::nn_runtime::__summary!("Structure", "f64" "[6]"[6] -> "f64" "[9]"[9]);
        ::nn_runtime::__state_dict!(6, 9, StructureFrozen);
        ::nn_runtime::__predict!(f64[6] -> f64[9], StructureInferenceWorkspace, StructureFrozen);
        ::nn_runtime::__predict_in!(f64[6] -> f64[9], StructureInferenceWorkspace, StructureFrozen);
    }
    impl StructureFrozen {
        ::nn_runtime::__constructors!(StructureFrozen, Structure, 6, 9, init_frozen);
    }
};
