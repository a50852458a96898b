use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;

layer! {
    pub struct Encoder;
}

impl Activation for Encoder {
    fn value<I: Isa, T: Scalar>(_isa: I, input: T) -> T {
        input * input
    }

    fn derivative<I: Isa, T: Scalar>(_isa: I, input: T) -> T {
        input + input
    }
}

network! {
    pub struct Net: [4] -> [2] {
        //~v ERROR: `Encoder` is not a layer from [4] to [5] in `f32`
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
