use nn_runtime::prelude::*;

network! {
    struct Net: [2, 60] -> [2, 60] { reshape([2, 3, 4, 5]), group_norm(2), reshape([2, 60]) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
