use nn_runtime::prelude::*;

network! {
    struct Net: u8 [8] -> [4, 2] { (a, b): chunk(2), a { embedding(5, 2) }, }
}

fn main() {
    println!("{:?}", Net::new(&mut rng(1)).predict(&[0; 8]));
}
