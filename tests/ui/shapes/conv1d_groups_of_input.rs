use nn_runtime::prelude::*;

network! {
    pub struct Net: [3, 9] -> [4, 7] {
        conv1d(4, 3, groups = 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
