use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
    struct Plain: [4] -> [2] { linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (mut net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let mut training = Training::<Plain, Sgd, 2>::ZERO;
    //~v ERROR: `Net` is not a network with the parameters `Plain`
    let loss = training.step(&mut net.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS);
    println!("{loss:?}");
    //~v ERROR: `Net` is not a network with the parameters `Plain`
    let loss = training.loss_and_gradient(&net.with_frozen(&frozen), &Mse, &INPUTS, &TARGETS);
    println!("{loss:?}");
}
