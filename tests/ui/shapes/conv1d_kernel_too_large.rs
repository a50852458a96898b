use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 4] -> [3, 1] {
        conv1d(3, kernel_size = 5),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
