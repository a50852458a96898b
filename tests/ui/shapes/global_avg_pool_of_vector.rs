use nn_runtime::prelude::*;

network! {
    pub struct Net: [9] -> [1] {
        global_avg_pool,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
