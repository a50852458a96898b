use nn_runtime::prelude::*;

network! { pub struct Encoder: { left: [3], right: [2] } -> [5] { concat { [left], [right] }, linear(5) } }

network! {
    pub struct Net: [5] -> [2] {
        //~v ERROR: `Encoder` takes { left: [3], right: [2] } and makes [5], but a stage takes and makes one value
        encoder: Encoder -> [5], linear(2),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
