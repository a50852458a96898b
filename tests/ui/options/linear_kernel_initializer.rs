use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2, kernel_initializer = "he_normal") }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
