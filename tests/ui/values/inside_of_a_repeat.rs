use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { repeat(2) { fc: linear(4) }, add { [], [fc] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
