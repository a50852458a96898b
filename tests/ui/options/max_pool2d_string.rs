use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [1, 4, 4] { max_pool2d("2") }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
