use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 4] { repeat(3) { each { linear(4), batch_norm1d } } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
