use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 3] -> [3, 7, 8] {
        conv_transpose2d(3, 3, stride = (2, 3), output_padding = (1, 3)),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
