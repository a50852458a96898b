use nn_runtime::prelude::*;

network! {
    struct Net: [2, 4] -> [2, 4] { mul { [], [linear(3)] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
