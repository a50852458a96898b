use nn_runtime::prelude::*;

layer! {
    struct Scale {
        factor: SVector<f32, 1>,
    }
}

impl Layer<1, 1> for Scale {
    type Cache<const BATCH: usize> = ();

    fn init<R: Rng + ?Sized>(&mut self, _rng: &mut R) {
        self.factor[0] = 1.0;
    }

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
    let (mut net, mut training) = (Net::new(&mut rng(1)), Training::<Net, Sgd, 1>::ZERO);
    let _ = training.step(&mut net, &Sgd::new(0.1), &Mse, &[[1.0]], &[[2.0]]);
}

//@error-in-other-file: a layer with parameters trains them: write `backward_parameters` of `Layer`
