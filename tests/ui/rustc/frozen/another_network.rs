use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
    struct Other: [4] -> [2] { #[frozen] memory: linear(5), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (mut other, frozen) = (Other::new(&mut rng(1)), OtherFrozen::new(&mut rng(2)));
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    //~v ERROR: `Other` is not a network with the parameters `Net`
    let loss = training.step(&mut other.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS);
    println!("{loss:?}");
}
