use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 3] { normalize(-1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
