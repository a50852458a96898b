use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [1, 4] { unsqueeze(0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
