use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { each { linear(1), relu } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
