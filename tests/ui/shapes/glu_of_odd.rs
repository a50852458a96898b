use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [3] { linear(7), glu }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
