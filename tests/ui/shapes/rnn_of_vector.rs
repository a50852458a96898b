use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4, 8] { rnn(8) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
