//@error-in-other-file: this `Training` is too large for the stack
use nn_runtime::prelude::*;

network! {
    struct Net: [784] -> [10] { linear(128), relu, linear(64), relu, linear(10) }
}

fn main() {
    let mut network = Net::new(&mut rng(1));
    let mut training = Training::<Net, Adam, 32>::ZERO;
    println!("{:?}", training.step(&mut network, &Adam::new(1e-3), &CrossEntropy, &[[0.0; 784]], &[1_u8]));
}
