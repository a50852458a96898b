use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { normalize(p = 0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
