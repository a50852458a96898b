use nn_runtime::prelude::*;

network! {
    struct Net: { steps: [3, 4], place: [2] } -> [3, 2] { each { linear(2) }, flatten, concat { [], [place] }, linear(6), reshape([3, 2]) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&NetInput { steps: [0.0; 12], place: [0.0; 2] })[0]);
}
