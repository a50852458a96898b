use nn_runtime::prelude::*;

network! {
    const NONE: usize = 0;
    const PART: usize = 8 / NONE;

    pub struct Net: [4] -> [PART] {
        linear(PART),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.predict(&SVector::zeros()), [0.0; PART][0]);
}
