use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] {
        linear(2),
        /// The end.
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
