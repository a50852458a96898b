use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    //~v ERROR: a sample here is of type `[f32; 4]`, not `[{float}; 8]`
    let output = network.predict(&[0.0; 8]);
    println!("{}", output[0] + 1.0);
}
