use nn_runtime::prelude::*;

network! {
    pub struct Net: [100] -> [3, 98] {
        conv1d(3, kernel_size = 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
