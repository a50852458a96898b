use nn_runtime::prelude::*;

network! {
    struct Net: [2, 3, 4] -> [2, 3, 4] { each { context: tanh, each { add { [], [context] } } } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
