use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] linear(3), linear(2) }
}

fn main() {
    let (network, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let mut workspace = NetInferenceWorkspace::ZERO;
    //~v ERROR: a sample here is of type `[f32; 4]`, not `[{float}; 2]`
    let output = network.with_frozen(&frozen).predict_in(&[0.5, 1.0], &mut workspace);
    println!("{}", output[0]);
}
