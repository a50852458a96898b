use nn_runtime::prelude::*;

network! {
    struct Net: [5, 8] -> [5, 2] { vmap { linear(2) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
