use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { block: residual { linear(4), block } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
