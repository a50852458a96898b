use nn_runtime::prelude::*;

network! {
    struct Net: u8 [4, 2] -> [4, 2] { each { linear(2) } }
}

fn main() {
    println!("{:?}", Net::new(&mut rng(1)).predict(&[0; 8]));
}
