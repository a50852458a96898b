use nn_runtime::prelude::*;

network! {
    struct Net: u8 [64] -> [10] {
        #[frozen] embedding(100, 512),
        mean, linear(10),
    }
}

fn main() {
    let (network, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    //~v ERROR: the workspace of `Net` is too large for `predict`, which has it on the stack
    match network.with_frozen(&frozen).predict(&[0; 64]) {
        Ok(output) => println!("{}", output[0]),
        Err(error) => println!("{error}"),
    }
}
