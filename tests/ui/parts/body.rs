use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { (a, b): chunk(2) { linear(4) }, add { [a], [b] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
