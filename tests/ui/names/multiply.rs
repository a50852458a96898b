use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { multiply { [linear(4)], [sigmoid] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
