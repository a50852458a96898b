use nn_runtime::prelude::*;

layer! {
    struct Scale {
        factor: SVector<f32, 1>,
    }
}

impl Layer<1, 1> for Scale {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input: &SMatrix<f32, BATCH, 1>,
        output: &mut SMatrix<f32, BATCH, 1>,
        _cache: &mut (),
        _pass: Pass,
    ) {
        *output = input * self.factor[0];
    }

    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input: &SMatrix<f32, BATCH, 1>,
        _cache: &mut (),
        grad_output: &SMatrix<f32, BATCH, 1>,
        gradient: &mut Self,
        _pass: Pass,
    ) {
        gradient.factor[0] += input.dot(grad_output);
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input_then_grad: &mut SMatrix<f32, BATCH, 1>,
        _cache: &mut (),
        grad_output: &SMatrix<f32, BATCH, 1>,
        _pass: Pass,
    ) {
        *input_then_grad = grad_output * self.factor[0];
    }
}

network! {
    struct Net: [1] -> [1] { scale: Scale -> [1] }
}

fn main() {
    let _ = Net::new(&mut rng(1));
}

//@error-in-other-file: a layer with parameters draws them: write `init` of `Layer`, empty if zeros are right
