use nn_runtime::prelude::*;

network! {
    struct Net: [4, 5] -> [2] { lstm(16)[-1], linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
