use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [8] -> [8] { linear(8) }

    pub struct Net: [4] -> [2] {
        fc1: linear(8),
        #[frozen]
        encoder: Encoder,
        linear(2),
    }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    println!("{} {}", net.fc1.weight, frozen.encoder.linear1.weight);
    println!("{}", net.with_frozen(&frozen).predict(&SVector::zeros()));
}
