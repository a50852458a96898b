use nn_runtime::prelude::*;

network! {
    struct Net: [5, 1, 8, 8] -> [5, 72] { TimeDistributed(conv2d(2, kernel_size = 3)) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
