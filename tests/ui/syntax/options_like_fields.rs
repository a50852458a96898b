use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear { out_features: 2, bias: false } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
