use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 6] -> [4, 3] {
        narrow(dim = 1, start = 2, end = 5),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
