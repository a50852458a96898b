use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 8, 8] -> [2] {
        adaptive_avg_pool2d(1),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
