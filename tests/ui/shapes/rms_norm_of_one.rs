use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [1] { linear(1), rms_norm }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
