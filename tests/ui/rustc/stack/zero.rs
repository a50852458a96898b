use nn_runtime::prelude::*;

//~v ERROR: this `Net` is too large for the stack, which takes up to 448 KiB: write `Net::boxed(..)`, or in a `static` `nn_runtime::bytemuck::zeroed()`
network! {
    struct Net: [3000] -> [3000] { fc: linear(3000) }
}

fn main() {
    let mut network = Box::new(Net::ZERO);
    network.init(&mut rng(1));
    println!("{}", network.predict(&[0.0; 3000])[0]);
}
