use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 2] { each { #[keep] fc: linear(2), tanh } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
