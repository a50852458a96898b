// What `network!` writes for attention.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
    /// What each step finds in those before it.
    ///
    /// | stage | layer | output | parameters | multiply-adds |
    /// |---|---|---|---:|---:|
    /// | input | | `[8, 6]` | | |
    /// | `attn` | `multihead_attention` | `[8, 6]` | 168 | 1584 |
    /// | `residual1` | `residual` | `[8, 6]` | 0 | 0 |
    ///
    /// Workspaces: 2016 bytes a row for training ([`AttentionWorkspace::BYTES`]), 1216 for inference ([`AttentionInferenceWorkspace::BYTES`]).
    pub struct Attention {
        /// `multihead_attention`: \[8, 6\] -> \[8, 6\]
        pub attn: AttentionAttn,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `attn`.
    pub struct AttentionAttn {
        /// Parameter `in_proj_weight`, 18 x 6.
        pub in_proj_weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 18, 6>,
        /// Parameter `in_proj_bias`, 18 values.
        pub in_proj_bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 18>,
        /// The parameters of `out_proj`.
        pub out_proj: AttentionAttnOutProj,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `out_proj`.
    pub struct AttentionAttnOutProj {
        /// Parameter `out_proj.weight`, 6 x 6.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 6, 6>,
        /// Parameter `out_proj.bias`, 6 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 6>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Attention`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct AttentionWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 320>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 136>,
        __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 48>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Attention`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct AttentionInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 256>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 48>,
    }
}
#[doc(hidden)]
#[allow(dead_code)]
pub type AttentionState = <::nn_runtime::__private::Checked<
    {
        use ::nn_runtime::__private::fits::refuse;
        refuse(
            "`Attention` cannot work step by step: its stage `attn` (`multihead_attention`) attends to all steps of the sequence\nhelp: `predict` takes the whole sequence",
        )
    },
> as ::nn_runtime::__private::Of<()>>::Type;
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<48, 48> for Attention {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<48, true>, 8, nn::Outputs<6, true>>;
        type Workspace<const __BATCH: usize> = AttentionWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = AttentionInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Attention, 48, 48);
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("attn", "multihead_attention", &[0], &[8, 6], &[8, 6])
                .options(
                    &[
                        ("num_heads", nn::Size(2)), ("causal", nn::Bool(true)), ("bias", nn::Bool(true)),
                        ("need_weights", nn::Bool(false)),
                    ],
                )
                .multiply_adds(1584)
                .parameters(
                    nn::offset_of!(Attention, attn) / nn::size_of::<f32>(),
                    &[
                        nn::Tensor::new::<f32>("in_proj_weight", &[18, 6]),
                        nn::Tensor::new::<f32>("in_proj_bias", &[18]),
                        nn::Tensor::new::<f32>("out_proj.weight", &[6, 6]),
                        nn::Tensor::new::<f32>("out_proj.bias", &[6]),
                    ],
                ),
            nn::layer("residual1", "residual", &[1, 0], &[8, 6], &[8, 6]),
        ];
        const INPUT_SHAPE: &'static [usize] = &[8, 6];
        const OUTPUT_SHAPE: &'static [usize] = &[8, 6];
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::multihead_attention::init(
                &mut self.attn.in_proj_weight, nn::Some(&mut self.attn.in_proj_bias), &mut self.attn.out_proj.weight,
                nn::Some(&mut self.attn.out_proj.bias), __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 48>,
            __workspace: &mut AttentionWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot2, .. } = __workspace;
            nn::multihead_attention::forward(
                __isa, 2, true, &self.attn.in_proj_weight, nn::Some(&self.attn.in_proj_bias),
                &self.attn.out_proj.weight, nn::Some(&self.attn.out_proj.bias), __input, __slot2, __slot0, nn::None,
            );
            nn::add(__isa, __input, __slot2);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut AttentionWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 48> {
            let AttentionWorkspace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 48>,
            __workspace: &mut AttentionWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::multihead_attention::backward_shared(
                __isa, 2, true, &self.attn.out_proj.weight, __slot0, nn::None, __slot2, __slot1,
            );
            nn::multihead_attention::backward_parameters(
                __isa, __input, __slot0, __slot2, &mut __gradient.attn.in_proj_weight,
                nn::Some(&mut __gradient.attn.in_proj_bias), &mut __gradient.attn.out_proj.weight,
                nn::Some(&mut __gradient.attn.out_proj.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<f32, __BATCH, 48>,
            __workspace: &mut AttentionWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::multihead_attention::backward_input(
                __isa, &self.attn.in_proj_weight, __slot0, nn::columns_mut::<48, _, _, _>(__slot1),
            );
            nn::add(__isa, nn::columns::<48, _, _, _>(__slot1), __slot2);
            nn::copy(__slot2, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 48>,
            __workspace: &'w mut AttentionInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 48> {
            let AttentionInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::multihead_attention::infer(
                __isa, 2, true, &self.attn.in_proj_weight, nn::Some(&self.attn.in_proj_bias),
                &self.attn.out_proj.weight, nn::Some(&self.attn.out_proj.bias), __input, __slot1, __slot0, nn::None,
            );
            nn::add(__isa, __input, __slot1);
            __slot1
        }
    }
    impl Attention {
        ::nn_runtime::__constructors!(Attention, Attention, 48, 48, init);
        ::nn_runtime::__summary!("Attention", "f32" "[8, 6]"[48] -> "f32" "[8, 6]"[48]);
        ::nn_runtime::__state_dict!(48, 48);
        ::nn_runtime::__weights!(Attention);
        ::nn_runtime::__predict!(f32[48] -> f32[48], AttentionInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[48] -> f32[48], AttentionInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Attention, Attention, 48, 48, false);
    ::nn_runtime::__cannot_step!(Attention);
};
