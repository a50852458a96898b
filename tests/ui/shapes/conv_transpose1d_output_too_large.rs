use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3] -> [3, 9] {
        conv_transpose1d(3, 3, stride = 1000000000),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
