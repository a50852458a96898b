use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [4, 8] {
        rotary_embedding(2),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
