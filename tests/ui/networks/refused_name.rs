use nn_runtime::prelude::*;

network! {
    pub struct Inner: [3] -> [3] {
        linear(3),
        #[frozen]
        linear(3),
    }

    pub struct InnerFrozen: [3] -> [3] { linear(3) }

    pub struct Net: [3] -> [3] { InnerFrozen, relu }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
