use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let mut net = Net::new(&mut rng(1));
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    println!("{:?}", training.step(&mut net, &Sgd::new(0.1), &Mse, &INPUTS, &TARGETS));
}
