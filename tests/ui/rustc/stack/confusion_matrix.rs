//@error-in-other-file: this `ConfusionMatrix` is too large for the stack
use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [1000] { linear(1000) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let data = Dataset::new(&[[0.0; 2]], &[999_u16]).expect("one input and one target");
    println!("{:?}", confusion_matrix(&network, &data).map(|matrix| matrix.samples()));
}
