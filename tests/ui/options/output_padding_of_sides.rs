use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 5] -> [2, 6] {
        conv_transpose1d(2, 3, output_padding = [[1, 2]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
