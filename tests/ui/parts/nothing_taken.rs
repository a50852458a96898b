use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { (gate, signal): chunk(2), linear(4), mul { [], [gate], [signal] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
