// What `network!` writes for perceptron.in.

/// A classifier of four numbers.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[4]` | | |
/// | `hidden` | `linear` | `[8]` | 40 | 32 |
/// | `relu1` | `relu` | `[8]` | 0 | 0 |
/// | `out` | `linear` | `[3]` | 27 | 24 |
///
/// Workspaces: 76 bytes a row for training ([`PerceptronWorkspace::BYTES`]), 44 for inference ([`PerceptronInferenceWorkspace::BYTES`]).
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct Perceptron {
    /// `linear`: \[4\] -> \[8\]
    pub hidden: PerceptronHidden,
    /// `linear`: \[8\] -> \[3\]
    pub out: PerceptronOut,
}
/// The parameters of `hidden`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct PerceptronHidden {
    /// Parameter `weight`, 8 x 4.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 8, 4>,
    /// Parameter `bias`, 8 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 8>,
}
/// The parameters of `out`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct PerceptronOut {
    /// Parameter `weight`, 3 x 8.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 3, 8>,
    /// Parameter `bias`, 3 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 3>,
}
/// Everything that a training step of [`Perceptron`] writes besides the gradient, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct PerceptronWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
    slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 3>,
}
/// Everything that [`Perceptron`] writes in evaluation mode, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct PerceptronInferenceWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 3>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<4, 3> for Perceptron {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Workspace<const BATCH: usize> = PerceptronWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = PerceptronInferenceWorkspace<BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Perceptron, 4, 3);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("hidden", "linear", &[4], &[8])
                .multiply_adds(32)
                .parameters(
                    nn::offset_of!(Perceptron, hidden) / nn::size_of::<f32>(),
                    &[nn::tensor("weight", &[8, 4]), nn::tensor("bias", &[8])],
                ),
            nn::layer("relu1", "relu", &[8], &[8]),
            nn::layer("out", "linear", &[8], &[3])
                .multiply_adds(24)
                .parameters(
                    nn::offset_of!(Perceptron, out) / nn::size_of::<f32>(),
                    &[nn::tensor("weight", &[3, 8]), nn::tensor("bias", &[3])],
                ),
        ];
        const INPUT_SHAPE: &'static [usize] = &[4];
        const OUTPUT_SHAPE: &'static [usize] = &[3];
        const INDEX_BOUND: nn::Option<usize> = nn::None;
        const NEEDS_WHOLE_BATCH: bool = false;
        const HAS_INPUT_GRADIENT: bool = true;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::linear::init(&mut self.hidden.weight, nn::Some(&mut self.hidden.bias), rng);
            nn::linear::init(&mut self.out.weight, nn::Some(&mut self.out.bias), rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 4>, workspace: &mut PerceptronWorkspace<BATCH>,
            pass: nn::Pass,
        ) {
            let PerceptronWorkspace { slot0, slot2, .. } = workspace;
            nn::linear::forward(isa, &self.hidden.weight, nn::Some(&self.hidden.bias), input, slot0);
            nn::relu::forward(isa, slot0);
            nn::linear::forward(isa, &self.out.weight, nn::Some(&self.out.bias), slot0, slot2);
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut PerceptronWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f32, BATCH, 3> {
            let PerceptronWorkspace { slot2, .. } = workspace;
            slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 4>, workspace: &mut PerceptronWorkspace<BATCH>,
            gradient: &mut Self, pass: nn::Pass,
        ) {
            let PerceptronWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::linear::backward_parameters(
                isa, slot0, slot2, &mut gradient.out.weight, nn::Some(&mut gradient.out.bias),
            );
            nn::linear::backward_input(isa, &self.out.weight, slot2, slot1);
            nn::relu::backward_input(isa, slot0, slot1);
            nn::linear::backward_parameters(
                isa, input, slot1, &mut gradient.hidden.weight, nn::Some(&mut gradient.hidden.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &mut nn::SMatrix<f32, BATCH, 4>,
            workspace: &mut PerceptronWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let PerceptronWorkspace { slot1, .. } = workspace;
            nn::linear::backward_input(isa, &self.hidden.weight, slot1, input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 4>,
            workspace: &'w mut PerceptronInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f32, BATCH, 3> {
            let PerceptronInferenceWorkspace { slot0, slot1, .. } = workspace;
            nn::linear::forward(isa, &self.hidden.weight, nn::Some(&self.hidden.bias), input, slot0);
            nn::relu::forward(isa, slot0);
            nn::linear::forward(isa, &self.out.weight, nn::Some(&self.out.bias), slot0, slot1);
            slot1
        }
    }
    impl Perceptron {
        ::nn_runtime::__constructors!(Perceptron, 4, 3, init);
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::summary::<Self, 4, 3>("Perceptron")
        }
        /// The output for one sample, in evaluation mode.
        #[must_use]
        pub fn predict(&self, input: &nn::SVector<f32, 4>) -> nn::SVector<f32, 3> {
            nn::predict::<Self, 4, 3>(self, &(), input, &mut PerceptronInferenceWorkspace::ZERO)
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        #[must_use]
        pub fn predict_in(
            &self, input: &nn::SVector<f32, 4>, workspace: &mut PerceptronInferenceWorkspace,
        ) -> nn::SVector<f32, 3> {
            nn::predict::<Self, 4, 3>(self, &(), input, workspace)
        }
    }
    impl<const BATCH: usize> PerceptronWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    impl<const BATCH: usize> PerceptronInferenceWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
};
