use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { fc: linear(8), (a, b): fc, a }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
