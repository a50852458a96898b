use nn_runtime::prelude::*;

network! {
    struct Net: [4, 2] -> [2, 4] { permute(0, 2, 1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
