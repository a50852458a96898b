use nn_runtime::prelude::*;

network! {
    #[derive(Arbitrary)]
    pub struct Net: [4] -> [2] {
        block: residual { fc: linear(4), tanh },
        linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{:?} {}", net, net.predict(&SVector::zeros()));
}
