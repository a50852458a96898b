use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        fc1: linear(8,
            bias: false),
        relu relu,
        linear(2.5 +),
        #[frozen] 3,
    }

    pub struct Other [4] -> [2] { linear(2), + }
}

fn main() {
    let (net, other) = (Net::new(&mut rng(1)), Other::new(&mut rng(1)));
    println!("{} {}", net.predict(&SVector::zeros()), other.predict(&SVector::zeros()));
}
