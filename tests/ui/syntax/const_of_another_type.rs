use nn_runtime::prelude::*;

network! {
    const HIDDEN: u32 = 8;

    pub struct Net: [4] -> [2] {
        linear(HIDDEN), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.predict(&SVector::zeros()), [0.0; HIDDEN][0]);
}
