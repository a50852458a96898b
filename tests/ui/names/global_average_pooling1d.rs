use nn_runtime::prelude::*;

network! {
    pub struct Net: [9, 2] -> [2] {
        global_average_pooling1d,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
