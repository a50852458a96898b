// What `network!` writes for attention.in.

/// What each step finds in those before it.
///
/// | stage | layer | output | parameters | multiply-adds |
/// |---|---|---|---:|---:|
/// | input | | `[8, 6]` | | |
/// | `attn` | `multihead_attention` | `[8, 6]` | 168 | 1584 |
/// | `residual1` | `residual` | `[8, 6]` | 0 | 0 |
///
/// Workspaces: 2016 bytes a row for training ([`AttentionWorkspace::BYTES`]), 1216 for inference ([`AttentionInferenceWorkspace::BYTES`]).
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct Attention {
    /// `multihead_attention`: \[8, 6\] -> \[8, 6\]
    pub attn: AttentionAttn,
}
/// The parameters of `attn`.
#[allow(clippy::struct_field_names)]
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct AttentionAttn {
    /// Parameter `in_proj_weight`, 18 x 6.
    pub in_proj_weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 18, 6>,
    /// Parameter `in_proj_bias`, 18 values.
    pub in_proj_bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 18>,
    /// What is inside of `out_proj`.
    pub out_proj: AttentionAttnOutProj,
}
/// What is inside of `out_proj`.
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable
)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct AttentionAttnOutProj {
    /// Parameter `out_proj.weight`, 6 x 6.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 6, 6>,
    /// Parameter `out_proj.bias`, 6 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 6>,
}
/// Everything that a training step of [`Attention`] writes besides the gradient, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct AttentionWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 320>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 136>,
    slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 48>,
}
/// Everything that [`Attention`] writes in evaluation mode, for tiles of `BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "::nn_runtime::bytemuck")]
#[repr(C)]
pub struct AttentionInferenceWorkspace<const BATCH: ::core::primitive::usize = 1> {
    slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 256>,
    slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 48>,
}
#[doc(hidden)]
#[allow(dead_code)]
pub struct AttentionState;
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    #[allow(unused_variables)]
    impl nn::Network<48, 48> for Attention {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Workspace<const BATCH: usize> = AttentionWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = AttentionInferenceWorkspace<BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Attention, 48, 48);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("attn", "multihead_attention", &[8, 6], &[8, 6])
                .multiply_adds(1584)
                .parameters(
                    nn::offset_of!(Attention, attn) / nn::size_of::<f32>(),
                    &[
                        nn::tensor("in_proj_weight", &[18, 6]), nn::tensor("in_proj_bias", &[18]),
                        nn::tensor("out_proj.weight", &[6, 6]), nn::tensor("out_proj.bias", &[6]),
                    ],
                ),
            nn::layer("residual1", "residual", &[8, 6], &[8, 6]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[8, 6];
        const OUTPUT_SHAPE: &'static [usize] = &[8, 6];
        const INDEX_BOUND: nn::Option<usize> = nn::None;
        const NEEDS_WHOLE_BATCH: bool = false;
        const HAS_INPUT_GRADIENT: bool = true;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, rng: &mut R) {
            nn::multihead_attention::init(
                &mut self.attn.in_proj_weight, nn::Some(&mut self.attn.in_proj_bias), &mut self.attn.out_proj.weight,
                nn::Some(&mut self.attn.out_proj.bias), rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 48>, workspace: &mut AttentionWorkspace<BATCH>,
            pass: nn::Pass,
        ) {
            let AttentionWorkspace { slot0, slot2, .. } = workspace;
            nn::multihead_attention::forward(
                isa, 2, true, &self.attn.in_proj_weight, nn::Some(&self.attn.in_proj_bias), &self.attn.out_proj.weight,
                nn::Some(&self.attn.out_proj.bias), input, slot2, slot0, nn::None,
            );
            nn::add(isa, input, slot2);
        }
        #[inline(always)]
        fn output_then_grad<const BATCH: usize>(
            workspace: &mut AttentionWorkspace<BATCH>,
        ) -> &mut nn::SMatrix<f32, BATCH, 48> {
            let AttentionWorkspace { slot2, .. } = workspace;
            slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 48>, workspace: &mut AttentionWorkspace<BATCH>,
            gradient: &mut Self, pass: nn::Pass,
        ) {
            let AttentionWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::multihead_attention::backward_shared(
                isa, 2, true, &self.attn.out_proj.weight, slot0, nn::None, slot2, slot1,
            );
            nn::multihead_attention::backward_parameters(
                isa, input, slot0, slot2, &mut gradient.attn.in_proj_weight, nn::Some(&mut gradient.attn.in_proj_bias),
                &mut gradient.attn.out_proj.weight, nn::Some(&mut gradient.attn.out_proj.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &mut nn::SMatrix<f32, BATCH, 48>,
            workspace: &mut AttentionWorkspace<BATCH>, pass: nn::Pass,
        ) {
            let AttentionWorkspace { slot0, slot1, slot2, .. } = workspace;
            nn::multihead_attention::backward_input(
                isa, &self.attn.in_proj_weight, slot0, nn::columns_mut::<48, _, _, _>(slot1),
            );
            nn::add(isa, nn::columns::<48, _, _, _>(slot1), slot2);
            nn::copy(slot2, input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const BATCH: usize>(
            &self, isa: I, frozen: &(), input: &nn::SMatrix<f32, BATCH, 48>,
            workspace: &'w mut AttentionInferenceWorkspace<BATCH>,
        ) -> &'w nn::SMatrix<f32, BATCH, 48> {
            let AttentionInferenceWorkspace { slot0, slot1, .. } = workspace;
            nn::multihead_attention::infer(
                isa, 2, true, &self.attn.in_proj_weight, nn::Some(&self.attn.in_proj_bias), &self.attn.out_proj.weight,
                nn::Some(&self.attn.out_proj.bias), input, slot1, slot0, nn::None,
            );
            nn::add(isa, input, slot1);
            slot1
        }
    }
    impl Attention {
        ::nn_runtime::__constructors!(Attention, 48, 48, init);
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::summary::<Self, 48, 48>("Attention")
        }
        /// The output for one sample, in evaluation mode.
        #[must_use]
        pub fn predict(&self, input: &nn::SVector<f32, 48>) -> nn::SVector<f32, 48> {
            nn::predict::<Self, 48, 48>(self, &(), input, &mut AttentionInferenceWorkspace::ZERO)
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        #[must_use]
        pub fn predict_in(
            &self, input: &nn::SVector<f32, 48>, workspace: &mut AttentionInferenceWorkspace,
        ) -> nn::SVector<f32, 48> {
            nn::predict::<Self, 48, 48>(self, &(), input, workspace)
        }
    }
    impl<const BATCH: usize> AttentionWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    impl<const BATCH: usize> AttentionInferenceWorkspace<BATCH> {
        ::nn_runtime::__workspace!();
    }
    #[diagnostic::on_unimplemented(
        message = "`Attention` cannot work step by step: its stage `attn` (`multihead_attention`) attends to all steps of the sequence",
        label = "this needs every stage to work step by step", note = "`predict` takes the whole sequence"
    )]
    pub trait CannotStep {
        type Output;
        fn none() -> Self::Output;
    }
    #[allow(dead_code)]
    impl Attention {
        #[doc(hidden)]
        pub fn step<S: CannotStep, F>(&self, _state: &mut S, _frame: F) -> S::Output {
            S::none()
        }
    }
    #[allow(dead_code)]
    impl AttentionState {
        #[doc(hidden)]
        pub const ZERO: Self = Self;
        #[doc(hidden)]
        pub fn reset(&mut self) {}
    }
};
