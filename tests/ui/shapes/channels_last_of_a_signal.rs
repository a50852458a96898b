use nn_runtime::prelude::*;

network! {
    struct Net: [100, 1] -> [4] { conv1d(8, kernel_size = 5), relu, flatten, linear(4) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
