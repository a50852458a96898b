use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { fc: linear(4), (_, _): chunk(2), fc }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
