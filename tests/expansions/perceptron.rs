// What `network!` writes for perceptron.in.

#[allow(unused_imports)]
use ::nn_runtime::__private::derives::*;
::nn_runtime::__parameters! {
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
}
::nn_runtime::__parameters! {
    /// The parameters of `hidden`.
    pub struct PerceptronHidden {
        /// Parameter `weight`, 8 x 4.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 8, 4>,
        /// Parameter `bias`, 8 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 8>,
    }
}
::nn_runtime::__parameters! {
    /// The parameters of `out`.
    pub struct PerceptronOut {
        /// Parameter `weight`, 3 x 8.
        pub weight: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, 3, 8>,
        /// Parameter `bias`, 3 values.
        pub bias: ::nn_runtime::nalgebra::SVector<::core::primitive::f32, 3>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that a training step of [`Perceptron`] writes besides the gradient, for tiles of `__BATCH` rows.
    pub struct PerceptronWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
        __slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 3>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Perceptron`] writes in evaluation mode, for tiles of `__BATCH` rows.
    pub struct PerceptronInferenceWorkspace<const __BATCH: usize = 1> {
        __slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 8>,
        __slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, __BATCH, 3>,
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::nn_runtime::__private::{self as nn, bool, f32, f64, u8, u16, u32, usize};
    #[automatically_derived]
    impl nn::Network<4, 3> for Perceptron {
        type Scalar = f32;
        type Input = f32;
        type Frozen = ();
        type Ending = nn::Ending<nn::Other, nn::Outputs<3, true>, 1, nn::Outputs<3, true>>;
        type Workspace<const __BATCH: usize> = PerceptronWorkspace<__BATCH>;
        type InferenceWorkspace<const __BATCH: usize> = PerceptronInferenceWorkspace<__BATCH>;
        const RUNS: &'static [nn::Run] = ::nn_runtime::__runs!(Perceptron, 4, 3);
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
        const INPUT_SHAPE: &'static [usize] = &[4];
        const OUTPUT_SHAPE: &'static [usize] = &[3];
        fn init<R: nn::Rng + ?nn::Sized>(&mut self, __rng: &mut R) {
            nn::linear::init(&mut self.hidden.weight, nn::Some(&mut self.hidden.bias), __rng);
            nn::linear::init(&mut self.out.weight, nn::Some(&mut self.out.bias), __rng);
        }
        #[inline(always)]
        fn forward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 4>,
            __workspace: &mut PerceptronWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let PerceptronWorkspace { __slot0, __slot2, .. } = __workspace;
            nn::linear::forward(__isa, &self.hidden.weight, nn::Some(&self.hidden.bias), __input, __slot0);
            nn::relu::forward(__isa, __slot0);
            nn::linear::forward(__isa, &self.out.weight, nn::Some(&self.out.bias), __slot0, __slot2);
        }
        #[inline(always)]
        fn output_then_grad<const __BATCH: usize>(
            __workspace: &mut PerceptronWorkspace<__BATCH>,
        ) -> &mut nn::SMatrix<f32, __BATCH, 3> {
            let PerceptronWorkspace { __slot2, .. } = __workspace;
            __slot2
        }
        #[inline(always)]
        fn backward_with<I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 4>,
            __workspace: &mut PerceptronWorkspace<__BATCH>, __gradient: &mut Self, __pass: nn::Pass,
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
            &self, __isa: I, __frozen: &(), __input: &mut nn::SMatrix<f32, __BATCH, 4>,
            __workspace: &mut PerceptronWorkspace<__BATCH>, __pass: nn::Pass,
        ) {
            let PerceptronWorkspace { __slot1, .. } = __workspace;
            nn::linear::backward_input(__isa, &self.hidden.weight, __slot1, __input);
        }
        #[inline(always)]
        fn infer_with<'w, I: nn::Isa, const __BATCH: usize>(
            &self, __isa: I, __frozen: &(), __input: &nn::SMatrix<f32, __BATCH, 4>,
            __workspace: &'w mut PerceptronInferenceWorkspace<__BATCH>,
        ) -> &'w nn::SMatrix<f32, __BATCH, 3> {
            let PerceptronInferenceWorkspace { __slot0, __slot1, .. } = __workspace;
            nn::linear::forward(__isa, &self.hidden.weight, nn::Some(&self.hidden.bias), __input, __slot0);
            nn::relu::forward(__isa, __slot0);
            nn::linear::forward(__isa, &self.out.weight, nn::Some(&self.out.bias), __slot0, __slot1);
            __slot1
        }
    }
    impl Perceptron {
        ::nn_runtime::__constructors!(Perceptron, Perceptron, 4, 3, init);
        ::nn_runtime::__summary!("Perceptron", "f32" "[4]"[4] -> "f32" "[3]"[3]);
        ::nn_runtime::__state_dict!(4, 3);
        ::nn_runtime::__weights!(Perceptron);
        ::nn_runtime::__predict!(f32[4] -> f32[3], PerceptronInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[4] -> f32[3], PerceptronInferenceWorkspace);
    }
    ::nn_runtime::__serde!(Perceptron, Perceptron, 4, 3, false);
};
