use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        block: residual { fc1: linear(4), residual { tanhh } }, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.block.fc1.bias, net.predict(&SVector::zeros()));
}
