use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 4] { frames: each { fc: linear(4), tanh }, add { [], [fc] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
