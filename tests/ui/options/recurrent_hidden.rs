use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8] -> [4, 6] { gru(hidden = 6) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
