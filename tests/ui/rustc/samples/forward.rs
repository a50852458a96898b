use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    //~v ERROR: is not a level of the machine's instructions, which each pass of a training step takes first
    network.forward(&[0.0; 4]); //~ ERROR: this method takes 5 arguments but 1 argument was supplied
}
