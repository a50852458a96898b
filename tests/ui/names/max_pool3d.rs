use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [4, 4, 4] { max_pool3d(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
