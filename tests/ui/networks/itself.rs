use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        linear(4), inner: Net,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.inner.predict(&SVector::zeros()));
}
