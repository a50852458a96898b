use nn_runtime::prelude::*;

network! {
    struct NetFrames: [3, 4] -> [3, 4] { linear(4) }
    struct Net: [3, 4] -> [3, 2] { NetFrames, frames: each { linear(2) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
