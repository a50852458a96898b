use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 6] -> [4, 5] {
        narrow(1, 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
