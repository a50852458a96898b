use nn_runtime::prelude::*;

network! {
    struct Net: [50, 8] -> [2] { lstm(16), linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
