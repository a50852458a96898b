use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [8] { last: linear(4), tanh, concat { [mean], [last] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
