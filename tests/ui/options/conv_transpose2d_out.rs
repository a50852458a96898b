use nn_runtime::prelude::*;

network! {
    struct Net: [1, 4, 4] -> [2, 6, 6] { conv_transpose2d(out = 2, kernel_size = 3) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
