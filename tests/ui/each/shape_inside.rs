use nn_runtime::prelude::*;

network! {
    struct Net: [5, 1, 8, 8] -> [5, 4] { each { conv2d(2, kernel_size = 3), relu, linear(4) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
