use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9, 9] -> [3, 9, 9] {
        conv_transpose2d(3, 3, stride = (2, 0)),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
