use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { lambda(|x| x * 2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
