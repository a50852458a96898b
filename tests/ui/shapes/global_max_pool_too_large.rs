use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 16777217] -> [1] {
        global_max_pool,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
