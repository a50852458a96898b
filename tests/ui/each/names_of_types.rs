use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [3, 2] { frames: each { linear(4) }, frames_workspace: linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
