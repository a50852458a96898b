use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        #[frozen]
        #[frozen]
        linear(8),
        linear(2),
    }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    println!("{}", net.with_frozen(&frozen).predict(&SVector::zeros()));
}
