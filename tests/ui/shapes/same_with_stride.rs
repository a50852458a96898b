use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9, 9] -> [3, 5, 5] {
        conv2d(3, 3, stride = (1, 2), padding = same),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
