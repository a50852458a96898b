use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [8] { concat(dim = 0, [linear(4)], []) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
