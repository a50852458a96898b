use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 5] -> [2, 12] {
        pad([[5, 2]], mode = reflect),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
