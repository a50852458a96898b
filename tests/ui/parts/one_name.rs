use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { halves: chunk(2), halves { linear(4) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
