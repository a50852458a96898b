use nn_runtime::prelude::*;

network! {
    struct Net: [2, 4, 4] -> [2, 4, 4] { mul { [], [global_avg_pool, sigmoid] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
