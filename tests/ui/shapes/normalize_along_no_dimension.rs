use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { linear(4), normalize(dim = -2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
