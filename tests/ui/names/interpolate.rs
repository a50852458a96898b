use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [4, 16, 16] { interpolate(scale_factor = 2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
