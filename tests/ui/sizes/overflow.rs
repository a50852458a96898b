use nn_runtime::prelude::*;

network! {
    const LARGE: usize = 18446744073709551615;

    pub struct Net: [4] -> [2] {
        linear(LARGE + 1), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
