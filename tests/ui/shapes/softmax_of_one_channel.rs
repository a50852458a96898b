use nn_runtime::prelude::*;

network! {
    struct Net: [1, 5] -> [1, 5] { softmax(dim = 0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
