use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [3, 9] {
        conv1d(3, 3, padding = same, causal = true),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
