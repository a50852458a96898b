use nn_runtime::prelude::*;

network! {
    struct Net: [5, 4] -> [5, 8] { gru(8, linear_before_reset = 0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
