use nn_runtime::prelude::*;

network! {
    const N: usize = 4,
    struct Net: [N] -> [2] { linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
