use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [2] {
        conv2d(4, [3, 3], bias = 1, stride = same),
        flatten,
        linear(2.5),
        dropout(true),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
