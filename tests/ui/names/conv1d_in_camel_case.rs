use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [3, 7] {
        conv: Conv1d(3, 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
