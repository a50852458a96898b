use nn_runtime::prelude::*;

network! {
    pub struct Net: [8] -> [4] {
        gru(4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
