// What `network!` writes for structure.in.

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
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct Structure {
    /// `linear`: \[4\] -> \[5\]
    pub linear2: StructureLinear2,
}
/// The parameters of `linear2`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct StructureLinear2 {
    /// Parameter `weight`, 5 x 4.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 5, 4>,
    /// Parameter `bias`, 5 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 5>,
}
/// The frozen parameters of [`Structure`], apart from those that are trained: they can stay in flash.
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct StructureFrozen {
    /// `linear`: \[6\] -> \[4\]
    pub start: StructureFrozenStart,
}
/// The parameters of `start`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct StructureFrozenStart {
    /// Parameter `weight`, 4 x 6.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 4, 6>,
    /// Parameter `bias`, 4 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 4>,
}
/// Everything that a training step of [`Structure`] writes besides the gradient, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct StructureWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 9>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 5>,
    slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
    slot3: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
}
/// Everything that [`Structure`] writes in evaluation mode, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct StructureInferenceWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 9>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 5>,
    slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, BATCH, 4>,
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
        type Workspace<const BATCH: usize> = StructureWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = StructureInferenceWorkspace<BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Structure, 6, 9);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("start", "linear", &[6], &[4])
                .multiply_adds(24)
                .parameters(
                    nn::offset_of!(StructureFrozen, start) / nn::size_of::<f64>(),
                    &[nn::tensor("weight", &[4, 6]), nn::tensor("bias", &[4])],
                )
                .frozen(),
            nn::layer("tanh1", "tanh", &[4], &[4]),
            nn::layer("linear2", "linear", &[4], &[5])
                .multiply_adds(20)
                .parameters(
                    nn::offset_of!(Structure, linear2) / nn::size_of::<f64>(),
                    &[nn::tensor("weight", &[5, 4]), nn::tensor("bias", &[5])],
                ),
            nn::layer("dropout1", "dropout", &[4], &[4]),
            nn::layer("concat1", "concat", &[4], &[9]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[6];
        const OUTPUT_SHAPE: &'static [usize] = &[9];
        const INDEX_BOUND: nn::Option<usize> = nn::None;
        const NEEDS_WHOLE_BATCH: bool = false;
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
        ::nn_runtime::__constructors!(Structure, 6, 9, init);
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::summary::<Self, 6, 9>("Structure")
        }
        /// The output for one sample, in evaluation mode.
        #[must_use]
        pub fn predict(&self, frozen: &StructureFrozen, input: &nn::SVector<f64, 6>) -> nn::SVector<f64, 9> {
            nn::predict::<Self, 6, 9>(self, frozen, input, &mut StructureInferenceWorkspace::ZERO)
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        #[must_use]
        pub fn predict_in(
            &self, frozen: &StructureFrozen, input: &nn::SVector<f64, 6>, workspace: &mut StructureInferenceWorkspace,
        ) -> nn::SVector<f64, 9> {
            nn::predict::<Self, 6, 9>(self, frozen, input, workspace)
        }
    }
    impl StructureFrozen {
        ::nn_runtime::__constructors!(Structure, 6, 9, init_frozen);
    }
    impl<const BATCH: usize> StructureWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    impl<const BATCH: usize> StructureInferenceWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
};
