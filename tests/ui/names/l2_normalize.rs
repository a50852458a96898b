use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { linear(4), l2_normalize }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
