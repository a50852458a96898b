use nn_runtime::prelude::*;

network! {
    struct Net: u8 [8] -> [8, 2] { each { embedding(5, 2) } }
}

fn main() {
    println!("{:?}", Net::new(&mut rng(1)).predict(&[0; 8]));
}
