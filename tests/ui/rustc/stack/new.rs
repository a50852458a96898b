use nn_runtime::prelude::*;

network! {
    struct Net: [3000] -> [3000] { fc: linear(3000) }
}

fn main() {
    //~v ERROR: `Net` is too large for the stack
    let mut network = Net::new(&mut rng(1));
    network.fc.bias[0] = 1.0;
    println!("{}", network.predict(&[0.0; 3000])[0]);
}
