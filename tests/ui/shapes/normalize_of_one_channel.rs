use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8] -> [1, 8] { normalize }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
