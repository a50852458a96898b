use nn_runtime::prelude::*;

network! {
    #[cfg(any())]
    pub struct Inner: [3] -> [3] {
        linear(3),
        #[frozen]
        linear(3),
    }

    pub struct Net: [3] -> [3] {
        //~v ERROR: cannot find type `Inner` in this scope
        Inner,
        #[frozen]
        Inner,
    }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    println!("{}", net.with_frozen(&frozen).predict(&SVector::zeros()));
    println!("{:?}", frozen.inner1);
}
