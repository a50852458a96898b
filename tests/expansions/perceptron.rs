// What `network!` writes for perceptron.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
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
pub struct Perceptron {
    /// `linear`: \[4\] -> \[8\]
    pub hidden: PerceptronHidden,
    /// `linear`: \[8\] -> \[3\]
    pub out: PerceptronOut,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `hidden`.
pub struct PerceptronHidden {
    /// Parameter `weight`, 8 x 4.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 8, 4>,
    /// Parameter `bias`, 8 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 8>,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `out`.
pub struct PerceptronOut {
    /// Parameter `weight`, 3 x 8.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 3, 8>,
    /// Parameter `bias`, 3 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 3>,
}
/// Everything that a training step of [`Perceptron`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct PerceptronWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 3>,
}
/// Everything that [`Perceptron`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct PerceptronInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 3>,
}
/// Everything that the gradient of an output of [`Perceptron`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct PerceptronTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 3>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Perceptron {
        type Scalar = f32;
        type Input = [f32; 4];
        type Output = [f32; 3];
        type Ending = nn::Ending<nn::Other, nn::Outputs<3, true>, 1, nn::Outputs<3, true>>;
        type Scratch<const __BATCH: usize> = PerceptronInferenceWorkspace<__BATCH>;
        const LAYERS: &'static [nn::LayerInfo] = &[
            nn::layer("hidden", "linear", &[0], &[4], &[8])
                .options(&[("out_features", nn::Size(8)), ("bias", nn::Bool(true))])
                .multiply_adds(32)
                .parameters(
                    nn::offset_of!(Perceptron, hidden) / nn::size_of::<f32>(),
                    &[nn::Tensor::new::<f32>("weight", &[8, 4]), nn::Tensor::new::<f32>("bias", &[8])],
                ),
            nn::layer("relu1", "relu", &[1], &[8], &[8]),
            nn::layer("out", "linear", &[2], &[8], &[3])
                .options(&[("out_features", nn::Size(3)), ("bias", nn::Bool(true))])
                .multiply_adds(24)
                .parameters(
                    nn::offset_of!(Perceptron, out) / nn::size_of::<f32>(),
                    &[nn::Tensor::new::<f32>("weight", &[3, 8]), nn::Tensor::new::<f32>("bias", &[3])],
                ),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[4])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[3])];
    }
    #[automatically_derived]
    impl nn::Parameters for Perceptron {
        type Frozen = ();
        type Workspace<const __BATCH: usize> = PerceptronWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<PerceptronInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f32; 3]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Perceptron";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Perceptron as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::linear::init(&mut self.hidden.weight, nn::Some(&mut self.hidden.bias), __rng);
            nn::linear::init(&mut self.out.weight, nn::Some(&mut self.out.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 4], __BATCH>,
            __workspace: &mut PerceptronWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let PerceptronWorkspace { __slot0, __slot2, .. } = __workspace;
            nn::linear::forward(__isa, &self.hidden.weight, nn::Some(&self.hidden.bias), __input, __slot0);
            nn::watch(__isa, self, 0, __slot0);
            nn::relu::forward(__isa, __slot0);
            nn::watch(__isa, self, 1, __slot0);
            nn::linear::forward(__isa, &self.out.weight, nn::Some(&self.out.bias), __slot0, __slot2);
            nn::watch(__isa, self, 2, __slot2);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut PerceptronWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 3], __BATCH> {
            let PerceptronWorkspace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 4], __BATCH>,
            __workspace: &mut PerceptronWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let PerceptronWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::linear::backward_parameters(
                __isa, __slot0, __slot2, &mut __gradient.out.weight, nn::Some(&mut __gradient.out.bias),
            );
            nn::linear::backward_input(__isa, &self.out.weight, __slot2, __slot1);
            nn::relu::backward_input(__isa, __slot0, __slot1);
            nn::linear::backward_parameters(
                __isa, __input, __slot1, &mut __gradient.hidden.weight, nn::Some(&mut __gradient.hidden.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 4], __BATCH>,
            __workspace: &mut PerceptronWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let PerceptronWorkspace { __slot1, .. } = __workspace;
            nn::linear::backward_input(__isa, &self.hidden.weight, __slot1, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 4], __BATCH>,
            __workspace: &'w mut PerceptronInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f32; 3], __BATCH> {
            let PerceptronInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::linear::forward(__isa, &self.hidden.weight, nn::Some(&self.hidden.bias), __input, __slot0);
            nn::relu::forward(__isa, __slot0);
            nn::linear::forward(__isa, &self.out.weight, nn::Some(&self.out.bias), __slot0, __slot1);
            __slot1
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Perceptron {
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
    impl nn::Predict for Perceptron {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f32; 4], __BATCH>,
            __scratch: &'s mut PerceptronInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f32; 3], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Perceptron {}
    #[automatically_derived]
    impl nn::Parts<Self> for Perceptron {
        #[inline(always)]
        fn parts(&self) -> (&Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Perceptron {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &()) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Perceptron {
        fn both_mut(&mut self) -> (&mut Self, &mut ()) {
            (self, nn::nothing_mut())
        }
    }
    impl Perceptron {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Perceptron, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Perceptron>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Perceptron as nn::Parameters>::init(self, __rng);
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
            shapes: ["[4]", "[3]"], sizes: [4, 3], elements: ["f32", "f32"], has_frozen: false,
        });
        ::nn_runtime::__load!(Perceptron, __new, __new);
    }
    impl Perceptron {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f32; 4]> + ?nn::Sized),
        ) -> nn::SVector<f32, 3>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<PerceptronInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f32; 4]> + ?nn::Sized),
            __workspace: &mut PerceptronInferenceWorkspace,
        ) -> nn::SVector<f32, 3>
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
            __input: &(impl nn::Sample<[f32; 4]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f32, 4>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<PerceptronTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f32; 4]> + ?nn::Sized),
            __output: usize,
            __trace: &mut PerceptronTrace,
        ) -> nn::Result<nn::SVector<f32, 4>, nn::GradientError>
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
    ::nn_runtime::__serde!(Perceptron, Perceptron, false);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for PerceptronWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "PerceptronWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> PerceptronWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(PerceptronWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for PerceptronInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "PerceptronInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> PerceptronInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(PerceptronInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Perceptron {
        type Trace<const __BATCH: usize> = PerceptronTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<PerceptronTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f32; 4]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &nn::Tile<[f32; 4], __BATCH>,
            __workspace: &mut PerceptronTrace<__BATCH>,
        ) {
            let PerceptronTrace { __slot0, __slot2, .. } = __workspace;
            nn::linear::forward(__isa, &self.hidden.weight, nn::Some(&self.hidden.bias), __input, __slot0);
            nn::relu::forward(__isa, __slot0);
            nn::linear::forward(__isa, &self.out.weight, nn::Some(&self.out.bias), __slot0, __slot2);
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut PerceptronTrace<__BATCH>,
        ) -> &mut nn::Tile<[f32; 3], __BATCH> {
            let PerceptronTrace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &(),
            __input: &mut nn::Tile<[f32; 4], __BATCH>,
            __workspace: &mut PerceptronTrace<__BATCH>,
        ) {
            let PerceptronTrace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::linear::backward_input(__isa, &self.out.weight, __slot2, __slot1);
            nn::relu::backward_input(__isa, __slot0, __slot1);
            nn::linear::backward_input(__isa, &self.hidden.weight, __slot1, __input);
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for PerceptronTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "PerceptronTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> PerceptronTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(PerceptronTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
};
