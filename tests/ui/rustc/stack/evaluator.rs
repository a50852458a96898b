//@error-in-other-file: this `Evaluator` is too large for the stack
use nn_runtime::prelude::*;

network! {
    struct Net: [64, 64, 3] -> [10] { conv2d(64, kernel_size = 3), relu, global_avg_pool, linear(10) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let mut evaluator = Evaluator::<Net, 32>::ZERO;
    let data = Dataset::new(&[[0.0; 12288]], &[1_u8]).expect("one input and one target");
    println!("{:?}", evaluator.evaluate(&network, &CrossEntropy, &data));
}
