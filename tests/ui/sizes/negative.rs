use nn_runtime::prelude::*;

network! {
    const A: usize = 3;

    pub struct Net: [4] -> [2] {
        linear(A - 5), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
