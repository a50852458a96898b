use nn_runtime::prelude::*;

network! {
    struct Net: [5, 4] -> [5, 8] { lstm(8, recurrent_activation = sigmoid) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
