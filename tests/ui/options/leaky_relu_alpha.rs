use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { leaky_relu(alpha = 0.1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
