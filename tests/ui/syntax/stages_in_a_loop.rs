use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { for i in 0..3 { linear(4) }, linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
