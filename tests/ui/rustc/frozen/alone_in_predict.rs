use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let net = Net::new(&mut rng(1));
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    println!("{}", net.predict(&INPUTS[0]));
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    println!("{:?}", predict_batch(&net, &INPUTS));
    println!("{}", TARGETS.len());
}
