use nn_runtime::prelude::*;

network! {
    struct Net: [9] -> [3] { linear(9), (a, b): chunk(3), add { [a], [b] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
