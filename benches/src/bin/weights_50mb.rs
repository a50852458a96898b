//! 50 MB of weights in a constant. `write_weights` writes the file.

use nn_runtime::prelude::*;

network! {
    #[weights("../target/benches/weights_50mb.safetensors")]
    pub struct Pretrained: [2048] -> [10] {
        fc1: linear(2048), relu,
        fc2: linear(2048), relu,
        fc3: linear(2048), relu,
        out: linear(10),
    }
}

fn main() {
    println!("{}", Pretrained::PRETRAINED.predict(&[1.0; 2048]));
}
