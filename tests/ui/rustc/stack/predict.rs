use nn_runtime::prelude::*;

network! {
    struct Net: [3, 96, 96] -> [10] { conv2d(8, kernel_size = 3, padding = 1), relu, global_avg_pool, linear(10) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    //~v ERROR: the workspace of `Net` is too large for `predict`, which has it on the stack
    let output = network.predict(&[0.0; 27648]);
    println!("{} {}", output[0], output.argmax().0);
}
