// What `network!` writes for structure.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
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
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `linear2`.
pub struct StructureLinear2 {
    /// Parameter `weight`, 5 x 4.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 5, 4>,
    /// Parameter `bias`, 5 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 5>,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The frozen parameters of [`Structure`], apart from those that are trained: they can stay in flash.
pub struct StructureFrozen {
    /// `linear`: \[6\] -> \[4\]
    pub start: StructureFrozenStart,
}
#[derive(
    ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::nn_runtime::bytemuck::Pod,
    ::nn_runtime::bytemuck::Zeroable,
)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
#[allow(clippy::struct_field_names)]
/// The parameters of `start`.
pub struct StructureFrozenStart {
    /// Parameter `weight`, 4 x 6.
    pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, 4, 6>,
    /// Parameter `bias`, 4 values.
    pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f64, 4>,
}
/// Everything that a training step of [`Structure`] writes besides the gradient, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct StructureWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 9>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 5>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
    __slot3: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
}
/// Everything that [`Structure`] writes in evaluation mode, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct StructureInferenceWorkspace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 9>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 5>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
}
/// Everything that the gradient of an output of [`Structure`] with respect to its input takes, for tiles of `__BATCH` rows.
#[derive(::core::clone::Clone, ::nn_runtime::bytemuck::Zeroable)]
#[bytemuck(crate = "__bytemuck")]
#[repr(C)]
pub struct StructureTrace<const __BATCH: ::core::primitive::usize = 1> {
    __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 9>,
    __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 5>,
    __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
    __slot3: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f64, __BATCH, 4>,
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Architecture for Structure {
        type Scalar = f64;
        type Input = [f64; 6];
        type Output = [f64; 9];
        type Ending = nn::Ending<nn::Other, nn::Outputs<9, true>, 1, nn::Outputs<9, true>>;
        type Scratch<const __BATCH: usize> = StructureInferenceWorkspace<__BATCH>;
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
            nn::layer("concat1", "concat", &[3, 4], &[4], &[9]).options(&[("dim", nn::Dimension(0))]),
        ];
        const INPUTS: &'static [nn::Port] = &[nn::Port::new("", &[6])];
        const OUTPUTS: &'static [nn::Port] = &[nn::Port::new("", &[9])];
    }
    #[automatically_derived]
    impl nn::Parameters for Structure {
        type Frozen = StructureFrozen;
        type Workspace<const __BATCH: usize> = StructureWorkspace<__BATCH>;
        type PredictFits = nn::Fits<{ nn::size_of::<StructureInferenceWorkspace>() <= nn::PREDICT_BYTES }>;
        type OutputFits = nn::Fits<{ nn::size_of::<[f64; 9]>() <= nn::STACK_BYTES }>;
        const NAME: &'static nn::str = "Structure";
        const RUNS: &'static [nn::Run] = {
            const LAYERS: &[nn::LayerInfo] = <Structure as nn::Architecture>::LAYERS;
            &nn::join_runs::<{ nn::count_runs(LAYERS) }>(LAYERS)
        };
        const HAS_INPUT_GRADIENT: bool = false;
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::linear::init(&mut self.linear2.weight, nn::Some(&mut self.linear2.bias), __rng);
        }
        fn init_frozen<R: nn::Rng + ?nn::Sized>(__frozen: &mut StructureFrozen, __rng: &mut R) {
            nn::linear::init(&mut __frozen.start.weight, nn::Some(&mut __frozen.start.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &nn::Tile<[f64; 6], __BATCH>,
            __workspace: &mut StructureWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {
            let StructureWorkspace { __slot0, __slot1, __slot2, __slot3, .. } = __workspace;
            nn::linear::forward(__isa, &__frozen.start.weight, nn::Some(&__frozen.start.bias), __input, __slot2);
            nn::watch(__isa, self, 0, __slot2);
            nn::tanh::forward(__isa, __slot2);
            nn::watch(__isa, self, 1, __slot2);
            nn::linear::forward(__isa, &self.linear2.weight, nn::Some(&self.linear2.bias), __slot2, __slot1);
            nn::watch(__isa, self, 2, __slot1);
            nn::copy(__slot2, __slot3);
            nn::dropout::forward(__isa, 0.5, __slot3, __pass.stage(3));
            nn::watch(__isa, self, 3, __slot3);
            nn::join(__slot1, __slot0, 1, 0);
            nn::join(__slot3, __slot0, 1, 5);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut StructureWorkspace<__BATCH>,
        ) -> &mut nn::Tile<[f64; 9], __BATCH> {
            let StructureWorkspace { __slot0, .. } = __workspace;
            __slot0
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &nn::Tile<[f64; 6], __BATCH>,
            __workspace: &mut StructureWorkspace<__BATCH>,
            __gradient: &mut Self,
            __pass: nn::Pass,
        ) {
            let StructureWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::split(__slot1, __slot0, 1, 0);
            nn::linear::backward_parameters(
                __isa, __slot2, __slot1, &mut __gradient.linear2.weight, nn::Some(&mut __gradient.linear2.bias),
            );
        }
        #[inline(always)]
        fn backward_input_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &mut nn::Tile<[f64; 6], __BATCH>,
            __workspace: &mut StructureWorkspace<__BATCH>,
            __pass: nn::Pass,
        ) {}
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &nn::Tile<[f64; 6], __BATCH>,
            __workspace: &'w mut StructureInferenceWorkspace<__BATCH>,
        ) -> &'w nn::Tile<[f64; 9], __BATCH> {
            let StructureInferenceWorkspace { __slot0, __slot1, __slot2, .. } = __workspace;
            nn::linear::forward(__isa, &__frozen.start.weight, nn::Some(&__frozen.start.bias), __input, __slot2);
            nn::tanh::forward(__isa, __slot2);
            nn::linear::forward(__isa, &self.linear2.weight, nn::Some(&self.linear2.bias), __slot2, __slot1);
            nn::join(__slot1, __slot0, 1, 0);
            nn::join(__slot2, __slot0, 1, 5);
            __slot0
        }
    }
    #[automatically_derived]
    impl nn::Trainable for Structure {
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
    impl nn::Predict for Structure
    where
        StructureFrozen: for<'a> nn::NothingFrozen<'a>,
    {
        #[inline(always)]
        fn predict_with<'s, I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __input: &nn::Tile<[f64; 6], __BATCH>,
            __scratch: &'s mut StructureInferenceWorkspace<__BATCH>,
        ) -> &'s nn::Tile<[f64; 9], __BATCH> {
            nn::Parameters::infer_with(self, __isa, nn::nothing(), __input, __scratch)
        }
    }
    #[automatically_derived]
    impl nn::Network for Structure
    where
        StructureFrozen: for<'a> nn::NothingFrozen<'a>,
    {}
    #[automatically_derived]
    impl nn::Parts<Self> for Structure
    where
        StructureFrozen: for<'a> nn::NothingFrozen<'a>,
    {
        #[inline(always)]
        fn parts(&self) -> (&Self, &StructureFrozen) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::PartsMut<Self> for Structure
    where
        StructureFrozen: for<'a> nn::NothingFrozen<'a>,
    {
        #[inline(always)]
        fn parts_mut(&mut self) -> (&mut Self, &StructureFrozen) {
            (self, nn::nothing())
        }
    }
    #[automatically_derived]
    impl nn::Restore for Structure
    where
        StructureFrozen: for<'a> nn::NothingFrozen<'a>,
    {
        fn both_mut(&mut self) -> (&mut Self, &mut StructureFrozen) {
            (self, nn::nothing_mut())
        }
    }
    impl Structure {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(Structure, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<Structure>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Structure as nn::Parameters>::init(self, __rng);
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
            shapes: ["[6]", "[9]"], sizes: [6, 9], elements: ["f64", "f64"], has_frozen: true,
        });
        /// The network with its frozen parameters, to be run or saved.
        #[must_use]
        pub const fn with_frozen<'a>(
            &'a self, __frozen: &'a StructureFrozen,
        ) -> nn::WithFrozen<&'a Self, &'a StructureFrozen> {
            nn::WithFrozen::new(self, __frozen)
        }
        /// The network with its frozen parameters, to be trained.
        #[must_use]
        pub const fn with_frozen_mut<'a>(
            &'a mut self, __frozen: &'a StructureFrozen,
        ) -> nn::WithFrozen<&'a mut Self, &'a StructureFrozen> {
            nn::WithFrozen::new(self, __frozen)
        }
        /// The network with its frozen parameters, to be loaded.
        #[must_use]
        pub const fn with_both_mut<'a>(
            &'a mut self, __frozen: &'a mut StructureFrozen,
        ) -> nn::WithFrozen<&'a mut Self, &'a mut StructureFrozen> {
            nn::WithFrozen::new(self, __frozen)
        }
        ::nn_runtime::__load!(
            (Structure, StructureFrozen), __new, & mut nn::WithFrozen::new(& mut __new.0,
            & mut __new.1)
        );
    }
    impl Structure {
        /// The output for one sample, in evaluation mode. Where its workspace is larger than 64 KiB, write `predict_in`.
        pub fn predict(
            &self,
            __input: &(impl nn::Sample<[f64; 6]> + ?nn::Sized),
        ) -> nn::SVector<f64, 9>
        where
            <Self as nn::Parameters>::PredictFits: for<'a> nn::FitsPredict<'a, Self>,
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
        {
            nn::predict(self, __input, &mut nn::on_stack::<StructureInferenceWorkspace>())
        }
        /// The output for one sample, in evaluation mode, computed in a workspace of the caller's.
        pub fn predict_in(
            &self,
            __input: &(impl nn::Sample<[f64; 6]> + ?nn::Sized),
            __workspace: &mut StructureInferenceWorkspace,
        ) -> nn::SVector<f64, 9>
        where
            <Self as nn::Parameters>::OutputFits: for<'a> nn::Returns<'a, Self>,
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
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
            __input: &(impl nn::Sample<[f64; 6]> + ?nn::Sized),
            __output: usize,
        ) -> nn::Result<nn::SVector<f64, 6>, nn::GradientError>
        where
            <Self as nn::Differentiable>::TraceFits: for<'a> nn::FitsTrace<'a, Self>,
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
        {
            nn::input_gradient(self, __input, __output, &mut nn::on_stack::<StructureTrace>())
        }
        /// The gradient of the output at a position with respect to the input, computed in a trace of the caller's.
        ///
        /// # Errors
        /// If the network has no such output; if an index or a length is out of range.
        pub fn input_gradient_in(
            &self,
            __input: &(impl nn::Sample<[f64; 6]> + ?nn::Sized),
            __output: usize,
            __trace: &mut StructureTrace,
        ) -> nn::Result<nn::SVector<f64, 6>, nn::GradientError>
        where
            <Self as nn::Differentiable>::GradientFits: for<'a> nn::ReturnsGradient<'a, Self>,
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
        {
            nn::input_gradient(self, __input, __output, __trace)
        }
        /// All parameters and running statistics by PyTorch's names, in the order of PyTorch's `state_dict`.
        pub fn state_dict(&self) -> nn::TensorViews<'_, f64>
        where
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
        {
            <Self as nn::Network>::state_dict(self)
        }
        /// The same, to be written.
        pub fn state_dict_mut(&mut self) -> nn::TensorViewsMut<'_, f64>
        where
            StructureFrozen: for<'a> nn::NothingFrozen<'a>,
        {
            <Self as nn::Restore>::state_dict_mut(self)
        }
        ::nn_runtime::__save!(StructureFrozen : for < 'a > nn::NothingFrozen < 'a >,);
    }
    ::nn_runtime::__serde!(Structure, Structure, false);
    impl StructureFrozen {
        /// All parameters 0.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(StructureFrozen, "::boxed(..)"));
            nn::zeroed()
        };
        /// New parameters, drawn as PyTorch does by default. Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`.
        pub fn new<R: nn::Rng + ?nn::Sized>(__rng: &mut R) -> Self
        where
            Self: for<'a> nn::OnStack<'a, { nn::fits_stack::<StructureFrozen>() }>,
        {
            let mut __new: Self = nn::on_stack();
            Self::init(&mut __new, __rng);
            __new
        }
        ::nn_runtime::__boxed!();
        /// Draws new parameters in place, as PyTorch does by default.
        pub fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            <Structure as nn::Parameters>::init_frozen(self, __rng);
        }
        /// Copies all parameters in place. In a build without optimisation, `*a = *b` copies through the stack.
        pub fn copy_from(&mut self, __source: &Self) {
            nn::copy_parameters(__source, self);
        }
    }
    ::nn_runtime::__serde!(StructureFrozen, Structure, true);
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for StructureWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "StructureWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> StructureWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(StructureWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for StructureInferenceWorkspace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "StructureInferenceWorkspace", __formatter)
        }
    }
    impl<const __BATCH: usize> StructureInferenceWorkspace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A workspace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(StructureInferenceWorkspace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
    #[automatically_derived]
    impl nn::Differentiable for Structure {
        type Trace<const __BATCH: usize> = StructureTrace<__BATCH>;
        type TraceFits = nn::Fits<{ nn::size_of::<StructureTrace>() <= nn::PREDICT_BYTES }>;
        type GradientFits = nn::Fits<{ nn::size_of::<[f64; 6]>() <= nn::STACK_BYTES }>;
        #[inline(always)]
        fn trace_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &nn::Tile<[f64; 6], __BATCH>,
            __workspace: &mut StructureTrace<__BATCH>,
        ) {
            let StructureTrace { __slot0, __slot1, __slot2, __slot3, .. } = __workspace;
            nn::linear::forward(__isa, &__frozen.start.weight, nn::Some(&__frozen.start.bias), __input, __slot2);
            nn::tanh::forward(__isa, __slot2);
            nn::linear::forward(__isa, &self.linear2.weight, nn::Some(&self.linear2.bias), __slot2, __slot1);
            nn::copy(__slot2, __slot3);
            nn::dropout::forward(__isa, 0.5, __slot3, nn::Pass::inference(__BATCH as u32));
            nn::join(__slot1, __slot0, 1, 0);
            nn::join(__slot3, __slot0, 1, 5);
        }
        #[inline(always)]
        fn traced_output_then_grad<const __BATCH: usize>(
            __workspace: &mut StructureTrace<__BATCH>,
        ) -> &mut nn::Tile<[f64; 9], __BATCH> {
            let StructureTrace { __slot0, .. } = __workspace;
            __slot0
        }
        #[inline(always)]
        fn trace_backward_with<I: nn::Isa, const __BATCH: usize>(
            &self,
            __isa: I,
            __frozen: &StructureFrozen,
            __input: &mut nn::Tile<[f64; 6], __BATCH>,
            __workspace: &mut StructureTrace<__BATCH>,
        ) {
            let StructureTrace { __slot0, __slot1, __slot2, __slot3, .. } = __workspace;
            nn::split(__slot1, __slot0, 1, 0);
            nn::split(__slot3, __slot0, 1, 5);
            nn::dropout::backward_input(__isa, 0.5, __slot3, nn::Pass::inference(__BATCH as u32));
            nn::linear::backward_input(__isa, &self.linear2.weight, __slot1, nn::columns_mut::<4, _, _, _>(__slot0));
            nn::add(__isa, nn::columns::<4, _, _, _>(__slot0), __slot3);
            nn::tanh::backward_input(__isa, __slot2, __slot3);
            nn::linear::backward_input(__isa, &__frozen.start.weight, __slot3, __input);
        }
    }
    #[automatically_derived]
    impl<const __BATCH: usize> nn::fmt::Debug for StructureTrace<__BATCH> {
        fn fmt(&self, __formatter: &mut nn::fmt::Formatter<'_>) -> nn::fmt::Result {
            nn::debug_of_memory(self, "StructureTrace", __formatter)
        }
    }
    impl<const __BATCH: usize> StructureTrace<__BATCH> {
        /// Its size in bytes.
        pub const BYTES: usize = nn::size_of::<Self>();
        /// A trace to begin with.
        ///
        /// Above 448 KiB it does not compile: write `boxed`, with the feature `alloc`, or in a `static` `bytemuck::zeroed()`.
        pub const ZERO: Self = {
            nn::room::<Self>()
                .expect(::nn_runtime::__too_large!(StructureTrace, "::boxed()"));
            nn::zeroed()
        };
        ::nn_runtime::__boxed_zero!();
    }
};
