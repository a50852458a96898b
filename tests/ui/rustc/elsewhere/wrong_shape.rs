use nn_runtime::prelude::*;

network! { pub struct Encoder: [28, 28] -> [5] { flatten, linear(5) } }

network! {
    pub struct Net: [1, 784] -> [2] {
        //~v ERROR: `Encoder` takes [28, 28], but its input has shape [1, 784]
        encoder: Encoder -> [5], linear(2),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
