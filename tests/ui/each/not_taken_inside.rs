use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 2] { repeat(2) { each { lost: linear(2), fc: linear(4), lost { tanh }, fc } }, linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
