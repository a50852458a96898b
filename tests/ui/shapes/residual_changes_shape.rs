use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        linear(6), residual { linear(8), relu }, linear(4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
