use nn_runtime::prelude::*;

network! {
    struct Net: [3, 2, 4, 4] -> [3, 2, 4, 4] { each { conv2d(2, kernel_size = 3, padding = 1), batch_norm2d, relu } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
