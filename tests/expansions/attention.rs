// What `network!` writes for attention.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
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
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `attn`.
pub struct AttentionAttn {
    /// Parameter `in_proj_weight`, 18 x 6.
    pub in_proj_weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 18, 6>,
    /// Parameter `in_proj_bias`, 18 values.
    pub in_proj_bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 18>,
    /// The parameters of `out_proj`.
    pub out_proj: AttentionAttnOutProj,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `out_proj`.
pub struct AttentionAttnOutProj {
    /// Parameter `out_proj.weight`, 6 x 6.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 6, 6>,
    /// Parameter `out_proj.bias`, 6 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 6>,
}
/// Everything that a training step of [`Attention`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct AttentionWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 320>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 136>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 48>,
}
/// Everything that [`Attention`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct AttentionInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 256>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 48>,
}
/// Everything that the gradient of an output of [`Attention`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct AttentionTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 320>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 136>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 48>,
}
#[doc(hidden)]
#[allow(dead_code)]
pub type AttentionState = <::nn_runtime::__private::Checked<
    {
        use ::nn_runtime::__private::fits::refuse;
        refuse(
            "`Attention` cannot work step by step: its stage `attn` (`multihead_attention`) needs the keys and values of other steps, which no state holds\nhelp: `predict` takes the whole sequence",
        )
    },
> as ::nn_runtime::__private::Of<()>>::Type;
#[doc(hidden)]
#[allow(dead_code)]
pub type AttentionBlockWorkspace<const __BATCH: ::core::primitive::usize = 1> = <::nn_runtime::__private::Checked<
    {
        use ::nn_runtime::__private::fits::refuse;
        refuse(
            "`Attention` cannot work step by step: its stage `attn` (`multihead_attention`) needs the keys and values of other steps, which no state holds\nhelp: `predict` takes the whole sequence",
        )
    },
> as ::nn_runtime::__private::Of<()>>::Type;
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Attention {
        type Scalar = f32;
        type Input = [f32; 48];
        type Output = [f32; 48];
        type Ending = nn::Ending<nn::Other, nn::Outputs<48, true>, 8, nn::Outputs<6, true>>;
        type Scratch<const __BATCH: usize> = AttentionInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("attn", "multihead_attention", &[0], &[8, 6], &[8, 6])
                .options(
                    &[
                        ("num_heads", nn::Size(2)), ("causal", nn::Bool(true)), ("bias", nn::Bool(true)),
                        ("need_weights", nn::Bool(false)), ("num_kv_heads", nn::Size(2)), ("rotary", nn::Word("none")),
                        ("rope_theta", nn::Number(10000.0)),
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
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[8, 6])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[8, 6])];
    }
    #[automatically_derived]
    impl nn::Parameters for Attention {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = AttentionWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<AttentionInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 48]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Attention";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Attention as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::multihead_attention::init(
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                [nn::slice_mut(&mut self.attn.in_proj_weight)],
                [nn::slice_mut(&mut self.attn.in_proj_bias)],
                &mut self.attn.out_proj.weight,
                nn::Some(&mut self.attn.out_proj.bias),
                __rng,
            );
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 48], __BATCH>,
            __workspace: &mut AttentionWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot2, .. } = __workspace;
            nn::multihead_attention::forward(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                nn::multihead_attention::Unrotated,
                nn::Whole,
                [nn::slice(&self.attn.in_proj_weight)],
                [nn::slice(&self.attn.in_proj_bias)],
                &self.attn.out_proj.weight,
                nn::Some(&self.attn.out_proj.bias),
                [nn::None, nn::None],
                __input,
                __slot2,
                __slot0,
                nn::None,
            );
            nn::watch(__isa, self, 0, __slot2);
            nn::add(__isa, __input, __slot2);
            nn::watch(__isa, self, 1, __slot2);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut AttentionWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 48], __BATCH> {
            let AttentionWorkspace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 48], __BATCH>,
            __workspace: &mut AttentionWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::multihead_attention::backward_shared(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                nn::multihead_attention::Unrotated,
                &self.attn.out_proj.weight,
                __slot0,
                nn::None,
                __slot2,
                __slot1,
            );
            nn::multihead_attention::backward_parameters(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                [nn::None, nn::None],
                __input,
                __slot0,
                __slot2,
                [nn::slice_mut(&mut __gradient.attn.in_proj_weight)],
                [nn::slice_mut(&mut __gradient.attn.in_proj_bias)],
                &mut __gradient.attn.out_proj.weight,
                nn::Some(&mut __gradient.attn.out_proj.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 48], __BATCH>,
            __workspace: &mut AttentionWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let AttentionWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::multihead_attention::backward_input(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                [nn::slice(&self.attn.in_proj_weight)],
                __slot0,
                nn::columns_mut::<48, _, _, _>(__slot1),
            );
            nn::add(__isa, nn::columns::<48, _, _, _>(__slot1), __slot2);
            nn::copy(__slot2, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 48], __BATCH>,
            __workspace: &'w mut AttentionInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 48], __BATCH> {
            let AttentionInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::multihead_attention::infer(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                nn::multihead_attention::Unrotated,
                nn::Whole,
                [nn::slice(&self.attn.in_proj_weight)],
                [nn::slice(&self.attn.in_proj_bias)],
                &self.attn.out_proj.weight,
                nn::Some(&self.attn.out_proj.bias),
                [nn::None, nn::None],
                __input,
                __slot1,
                __slot0,
                nn::None,
            );
            nn::add(__isa, __input, __slot1);
            __slot1
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Attention {
        type Parameters = Self;
        #[inline(always)]
        fn parameters(&self) -> &Self {
            self
        }
        #[inline(always)]
        fn parameters_mut(&mut self) -> &mut Self {
            self
        }
    }
    #[automatically_derived]
    impl nn::Predict for Attention {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f32; 48], __BATCH>,
            __scratch: &'s mut AttentionInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 48], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Attention {}
    #[automatically_derived]
    impl nn::Parts<Self> for Attention {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Attention {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Attention {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Attention {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Attention, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Attention>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Attention as nn::Parameters>::init(self, __rng);
        }
        /// Copies all parameters in place. In a build without optimisation, `*a = *b` copies through the stack.
        pub fn copy_from(&mut self, __source: &Self) {
            nn::copy_parameters(__source, self);
        }
        /// The table of layers, to be printed.
        #[must_use]
        pub const fn summary() -> nn::Summary {
            nn::Summary::of::<Self>()
        }
        #[doc(hidden)]
        pub const __DECLARED: nn::Option<nn::Declared> = nn::Some(nn::Declared {
            shapes: ["[8, 6]", "[8, 6]"], sizes: [48, 48], elements: ["f32", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Attention, __new, __new);
    }
    impl Attention {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f32; 48]> + ?nn::Sized),
        ) -> nn::SVector<f32, 48>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<AttentionInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f32; 48]> + ?nn::Sized),
            __workspace: &mut AttentionInferenceWorkspace,
        ) -> nn::SVector<f32, 48>
        where
            <Self as nn::Parameters>::OutputFits: for<'a> nn::Returns<'a, Self>,
        {
            nn::predict(self, __input, __workspace)
        }
        /// The gradient of the output at a position with respect to the input, in evaluation mode: how much the output changes with
        /// each value. Where the trace is larger than 64 KiB, write `input_gradient_in`.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient(
            &self,
            __input: &(impl nn::Sample<[f32; 48]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f32, 48>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<AttentionTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f32; 48]> + ?nn::Sized),
            __output: usize,
            __trace: &mut AttentionTrace,
        ) -> nn::Result<nn::SVector<f32, 48>, nn::GradientError>
        where
            <Self as nn::Differentiable>::GradientFits: for<'a> nn::ReturnsGradient<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, __trace)
        }
        /// All parameters and running statistics by PyTorch's names, in the order of PyTorch's `state_dict`.
        pub fn state_dict(&self) -> nn::TensorViews<'_, f32> {
            <Self as nn::Network>::state_dict(self)
        }
        /// The same, to be written.
        pub fn state_dict_mut(&mut self) -> nn::TensorViewsMut<'_, f32> {
            <Self as nn::Restore>::state_dict_mut(self)
        }
        ::nn_runtime::__save!();
    }
    ::nn_runtime::__serde!(Attention, Attention, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for AttentionWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "AttentionWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> AttentionWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(AttentionWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for AttentionInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "AttentionInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> AttentionInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(AttentionInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Attention {
        type Trace<const __BATCH: usize> = AttentionTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<AttentionTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f32; 48]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 48], __BATCH>,
            __workspace: &mut AttentionTrace<__BATCH>,
        ) {
            let AttentionTrace { __slot0, __slot2, .. } = __workspace;
            nn::multihead_attention::forward(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                nn::multihead_attention::Unrotated,
                nn::Whole,
                [nn::slice(&self.attn.in_proj_weight)],
                [nn::slice(&self.attn.in_proj_bias)],
                &self.attn.out_proj.weight,
                nn::Some(&self.attn.out_proj.bias),
                [nn::None, nn::None],
                __input,
                __slot2,
                __slot0,
                nn::None,
            );
            nn::add(__isa, __input, __slot2);
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut AttentionTrace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 48], __BATCH> {
            let AttentionTrace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 48], __BATCH>,
            __workspace: &mut AttentionTrace<__BATCH>,
        ) {
            let AttentionTrace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::multihead_attention::backward_shared(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                nn::multihead_attention::Unrotated,
                &self.attn.out_proj.weight,
                __slot0,
                nn::None,
                __slot2,
                __slot1,
            );
            nn::multihead_attention::backward_input(
                __isa,
                nn::multihead_attention::Sizes {
                    heads: 2, kv_heads: 2, steps: [8, 8], features: [6, 6, 6], is_causal: true, value: 0,
                },
                [nn::slice(&self.attn.in_proj_weight)],
                __slot0,
                nn::columns_mut::<48, _, _, _>(__slot1),
            );
            nn::add(__isa, nn::columns::<48, _, _, _>(__slot1), __slot2);
            nn::copy(__slot2, __input);
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for AttentionTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "AttentionTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> AttentionTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(AttentionTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[allow(dead_code)]
    impl Attention {
        #[doc(hidden)]
        pub fn step<S: nn::CannotStep, F>(&self, __state: &mut S, __frame: F) -> S::Output {
            S::none()
        }
        #[doc(hidden)]
        pub fn step_block<const __FRAMES: usize>(
            &self,
            __state: &mut impl nn::CannotStep,
            __frames: &[impl nn::Sized; __FRAMES],
        ) -> [[f32; 48]; __FRAMES] {
            nn::on_stack()
        }
        #[doc(hidden)]
        pub fn step_block_in<const __FRAMES: usize>(
            &self,
            __state: &mut impl nn::CannotStep,
            __frames: &[impl nn::Sized; __FRAMES],
            __workspace: &mut impl nn::CannotStep,
        ) -> [[f32; 48]; __FRAMES] {
            nn::on_stack()
        }
    }
    #[automatically_derived]
    impl<S: nn::CannotStep> nn::StepsIn<S> for Attention {
        type Frame = S::Frame;
        type Made = S::Output;
        type StepFits = nn::Fits<true>;
        fn step_in(&self, __frozen: &(), __state: &mut S, __frame: &S::Frame) -> S::Output {
            S::none()
        }
    }
};
