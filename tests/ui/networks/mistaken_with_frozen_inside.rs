use nn_runtime::prelude::*;

network! {
    pub struct Inner: [3] -> [3] {
        linear(3),
        #[frozen]
        linear(3),
    }

    pub struct Net: [3] -> [3] {
        block: residual { inner: Inner, liner(3) },
    }

    pub struct Outer: [3] -> [3] { Net, relu }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    println!("{}", net.with_frozen(&frozen).predict(&SVector::zeros()));
    let block: &NetFrozenBlock = &frozen.block;
    println!("{:?}", block.inner);
    let (outer, frozen) = (Outer::new(&mut rng(1)), OuterFrozen::new(&mut rng(2)));
    println!("{}", outer.with_frozen(&frozen).predict(&SVector::zeros()));
}
