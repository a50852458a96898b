use nn_runtime::prelude::*;

network! { pub struct Encoder: f64 [4] -> [5] { linear(5) } }

network! {
    pub struct Net: [4] -> [2] {
        //~v ERROR: `Encoder` computes in `f64`, but this network in `f32`
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
