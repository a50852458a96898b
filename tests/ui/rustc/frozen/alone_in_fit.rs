use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let mut net = Net::new(&mut rng(1));
    let data = Dataset::new(&INPUTS, &TARGETS).expect("as many inputs as targets");
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    Fit::new(Sgd::new(0.1), Mse).on_epoch(|run| println!("{run}")).run(&mut net, &data).expect("training");
}
