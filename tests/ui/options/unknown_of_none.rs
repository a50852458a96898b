use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        relu(inplace = true),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
