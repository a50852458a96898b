use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [4, 8, 8] { batch_norm3d }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
