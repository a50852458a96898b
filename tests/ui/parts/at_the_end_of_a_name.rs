use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { fc: linear(8), both: fc { (a, b): chunk(2) }, both }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
