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
    /// Everything that a training step of [`Perceptron`] writes besides the gradient, for tiles of `BATCH` rows.
    pub struct PerceptronWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
        slot2: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 3>,
    }
}
::nn_runtime::__workspace! {
    /// Everything that [`Perceptron`] writes in evaluation mode, for tiles of `BATCH` rows.
    pub struct PerceptronInferenceWorkspace<const BATCH: usize = 1> {
        slot0: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 8>,
        slot1: ::nn_runtime::nalgebra::SMatrix<::core::primitive::f32, BATCH, 3>,
    }
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
        type Ending = nn::Ending<nn::Other, nn::Outputs<3, true>, 1, nn::Outputs<3, true>>;
        type Workspace<const BATCH: usize> = PerceptronWorkspace<BATCH>;
        type InferenceWorkspace<const BATCH: usize> = PerceptronInferenceWorkspace<BATCH>;
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
        ::nn_runtime::__constructors!(Perceptron, Perceptron, 4, 3, init);
        ::nn_runtime::__summary!("Perceptron", "f32" "[4]"[4] -> "f32" "[3]"[3]);
        ::nn_runtime::__state_dict!(4, 3);
        ::nn_runtime::__predict!(f32[4] -> f32[3], PerceptronInferenceWorkspace);
        ::nn_runtime::__predict_in!(f32[4] -> f32[3], PerceptronInferenceWorkspace);
    }
};
