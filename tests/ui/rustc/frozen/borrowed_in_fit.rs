use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let data = Dataset::new(&INPUTS, &TARGETS).expect("as many inputs as targets");
    //~v ERROR: the network is to be changed here, through `&mut` or a `Box`, not through `&Net`
    Fit::new(Sgd::new(0.1), Mse).run(&mut net.with_frozen(&frozen), &data).expect("training");
    println!("{:?}", evaluate(&net.with_frozen(&frozen), &Mse, &data));
}
