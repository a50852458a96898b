use nn_runtime::prelude::*;

network! {
    pub struct Words: u8 [4] -> [4, 8] { embedding(10, 8) }

    pub struct Net: [4] -> [2] {
        Words, flatten, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
