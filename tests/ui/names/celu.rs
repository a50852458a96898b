use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { celu(alpha = 1.0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
