use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 1] { linear(1), log_softmax }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
