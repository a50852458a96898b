use nn_runtime::prelude::*;

network! {
    const CLASSES: usize = 10;

    pub struct Net: [4] -> [CLASSES] {
        out: linear(CLASES),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.out.weight, net.predict(&SVector::zeros()));
}
