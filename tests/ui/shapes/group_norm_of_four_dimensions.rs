use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 4, 5] -> [2, 3, 4, 5] {
        group_norm(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
