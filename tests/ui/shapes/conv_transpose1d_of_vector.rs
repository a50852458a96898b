use nn_runtime::prelude::*;

network! {
    pub struct Net: [100] -> [3, 102] {
        conv_transpose1d(3, 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
