use nn_runtime::prelude::*;

network! {
    struct Encoder: [600] -> [100] { linear(100) }
    struct Decoder: [100] -> [600] { linear(600) }
    struct Autoencoder: [600] -> [600] { encoder: Encoder, decoder: Decoder }
}

fn main() {
    let encoder = Encoder::new(&mut rng(1));
    //~v ERROR: `Autoencoder` is too large for the stack
    let mut network = Autoencoder::new(&mut rng(1));
    network.encoder = encoder;
    println!("{}", network.predict(&[0.0; 600]));
}
