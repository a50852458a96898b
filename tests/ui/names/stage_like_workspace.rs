use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        workspace: linear(8), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut workspace = NetInferenceWorkspace::ZERO;
    println!("{}", net.predict_in(&SVector::zeros(), &mut workspace));
}
