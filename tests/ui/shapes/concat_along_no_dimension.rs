use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [8] {
        concat(dim = 1) { [], [linear(4)] },
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
