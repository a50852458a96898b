use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [10] {
        conv2d(8, 3), relu, max_pool2d(2), out: linear(10),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.out.weight, net.predict(&SVector::zeros()));
}
