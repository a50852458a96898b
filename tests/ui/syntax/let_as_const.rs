use nn_runtime::prelude::*;

network! {
    let size = 8;

    struct Net: [4] -> [2] { linear(size), linear(size + 1), linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
