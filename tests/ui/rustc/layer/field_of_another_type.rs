use nn_runtime::prelude::*;

type Shift = SVector<f64, 2>;

layer! {
    pub struct Encoder {
        scale: SVector<f32, 2>,
        //~v ERROR: `shift` has values of `f64`, but `Encoder` computes in `f32`
        shift: Shift,
    }
}

impl Layer<4, 5> for Encoder {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input: &SMatrix<f32, BATCH, 4>,
        output: &mut SMatrix<f32, BATCH, 5>,
        _cache: &mut (),
        _pass: Pass,
    ) {
        output.fill(input[0] * self.scale[0]);
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input_then_grad: &mut SMatrix<f32, BATCH, 4>,
        _cache: &mut (),
        grad_output: &SMatrix<f32, BATCH, 5>,
        _pass: Pass,
    ) {
        input_then_grad.fill(grad_output[0] * self.scale[0]);
    }
}

network! {
    pub struct Net: [4] -> [2] {
        encoder: Encoder -> [5], linear(2),
    }
}

fn main() {
    let mut net = Net::new(&mut rng(1));
    println!("{} {}", net.predict(&SVector::zeros()), Net::summary());
    let (inputs, targets) = ([[0.5; 4]; 4], [[0.5; 2]; 4]);
    let mut training = Training::<Net, Adam, 2>::ZERO;
    training.step(&mut net, &Adam::new(1e-3), &Mse, &inputs, &targets).expect("a step");
    let data = Dataset::new(&inputs, &targets).expect("as many inputs as targets");
    Fit::new(Adam::new(1e-3), Mse).on_epoch(|run| println!("{run}")).run(&mut net, &data).expect("training");
    println!("{:?} {:?}", net.encoder, evaluate(&net, &Mse, &data));
}
