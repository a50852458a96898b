use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
    struct Other: [4] -> [2] { #[frozen] memory: linear(5), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (mut net, frozen) = (Net::new(&mut rng(1)), OtherFrozen::new(&mut rng(2)));
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    //~v ERROR: type mismatch resolving `<&OtherFrozen as Deref>::Target == NetFrozen`
    let loss = training.step(&mut WithFrozen::new(&mut net, &frozen), &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS);
    println!("{loss:?}");
}
