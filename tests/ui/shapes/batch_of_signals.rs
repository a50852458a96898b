use nn_runtime::prelude::*;

network! {
    struct Net: [32, 1, 100] -> [4] { conv1d(4, kernel_size = 5), flatten, linear(4) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
