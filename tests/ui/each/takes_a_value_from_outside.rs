use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 2] { context: linear(2), each { fc: linear(2), add { [fc], [context] } } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
