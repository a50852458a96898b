use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 2] { each(dim = 0) { linear(2) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
