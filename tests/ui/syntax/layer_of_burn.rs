use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { LinearConfig::new(4, 2).init(device) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
