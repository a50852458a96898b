//! 1 MB of weights in a constant. `write_weights` writes the file.

use nn_runtime::prelude::*;

network! {
    #[weights("../target/benches/weights_1mb.safetensors")]
    pub struct Pretrained: [512] -> [10] { fc1: linear(512), relu, out: linear(10) }
}

fn main() {
    println!("{}", Pretrained::PRETRAINED.predict(&[1.0; 512]));
}
