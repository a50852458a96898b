use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { normalize(ord = 1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
