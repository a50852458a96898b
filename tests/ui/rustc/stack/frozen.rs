use nn_runtime::prelude::*;

network! {
    struct Net: [3000] -> [10] {
        #[frozen] memory: linear(3000), relu,
        linear(10),
    }
}

fn main() {
    //~v ERROR: `NetFrozen` is too large for the stack
    let (network, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    println!("{}", network.with_frozen(&frozen).predict(&[0.0; 3000]));
}
