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
    /// Everything that a training step of [`Structure`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct StructureWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 9>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 5>,
        __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
        __slot3: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Structure`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct StructureInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 9>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 5>,
        __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<6, 9> for Structure {
        type Scalar = f64;
        type Input = f64;
        type Frozen = StructureFrozen;
        type Ending = nn::Ending<nn::Other, nn::Outputs<9, true>, 1, nn::Outputs<9, true>>;
        type Workspace<const __BATCH: usize> = StructureWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = StructureInferenceWorkspace<__BATCH>;
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
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::linear::init(&mut self.linear2.weight, nn::Some(&mut self.linear2.bias), __rng);
        }
        fn init_frozen<R: nn::Rng + ?nn::Sized>(__frozen: &mut StructureFrozen, __rng: &mut R) {
            nn::linear::init(&mut __frozen.start.weight, nn::Some(&mut __frozen.start.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &StructureFrozen, __input: &nn::SMatrix<f64, __BATCH, 6>,
            __workspace: &mut StructureWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let StructureWorkspace { __slot0, __slot1, __slot2, __slot3, .. } = __workspace;
            nn::linear::forward(__isa, &__frozen.start.weight, nn::Some(&__frozen.start.bias), __input, __slot2);
            nn::tanh::forward(__isa, __slot2);
            nn::linear::forward(__isa, &self.linear2.weight, nn::Some(&self.linear2.bias), __slot2, __slot1);
            nn::copy(__slot2, __slot3);
            nn::dropout::forward(__isa, 0.5, __slot3, __pass.stage(3));
            nn::join(__slot1, __slot0, 1, 0);
            nn::join(__slot3, __slot0, 1, 5);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut StructureWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f64, __BATCH, 9> {
            let StructureWorkspace { __slot0, .. } = __workspace;
            __slot0
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &StructureFrozen, __input: &nn::SMatrix<f64, __BATCH, 6>,
            __workspace: &mut StructureWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
        ) {
            let StructureWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::split(__slot1, __slot0, 1, 0);
            nn::linear::backward_parameters(
                __isa, __slot2, __slot1, &mut __gradient.linear2.weight, nn::Some(&mut __gradient.linear2.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &StructureFrozen, __input: &mut nn::SMatrix<f64, __BATCH, 6>,
            __workspace: &mut StructureWorkspace<__BATCH>, __pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &StructureFrozen, __input: &nn::SMatrix<f64, __BATCH, 6>,
            __workspace: &'w mut StructureInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f64, __BATCH, 9> {
            let StructureInferenceWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::linear::forward(__isa, &__frozen.start.weight, nn::Some(&__frozen.start.bias), __input, __slot2);
            nn::tanh::forward(__isa, __slot2);
            nn::linear::forward(__isa, &self.linear2.weight, nn::Some(&self.linear2.bias), __slot2, __slot1);
            nn::join(__slot1, __slot0, 1, 0);
            nn::join(__slot2, __slot0, 1, 5);
            __slot0
        }
    }
    impl Structure {
        ::nn_runtime::__constructors!(Structure, Structure, 6, 9, init);
        ::nn_runtime::__summary!("Structure", "f64" "[6]"[6] -> "f64" "[9]"[9]);
        ::nn_runtime::__state_dict!(6, 9, StructureFrozen);
        ::nn_runtime::__weights!(Structure, StructureFrozen);
        ::nn_runtime::__predict!(f64[6] -> f64[9], StructureInferenceWorkspace, StructureFrozen);
        ::nn_runtime::__predict_in!(f64[6] -> f64[9], StructureInferenceWorkspace, StructureFrozen);
    }
    ::nn_runtime::__serde!(Structure, Structure, 6, 9, false);
    impl StructureFrozen {
        ::nn_runtime::__constructors!(StructureFrozen, Structure, 6, 9, init_frozen);
    }
    ::nn_runtime::__serde!(StructureFrozen, Structure, 6, 9, true);
};
