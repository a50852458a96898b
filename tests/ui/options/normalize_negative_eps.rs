use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { normalize(eps = -1e-5) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
