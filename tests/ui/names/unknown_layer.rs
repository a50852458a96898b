use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [10] {
        conv2(4, kernel_size = 3), relu, flatten, out: linear(10),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.out.weight, net.predict(&SVector::zeros()));
}
