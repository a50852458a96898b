use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
    struct Other: [4] -> [2] { #[frozen] memory: linear(3), linear(2) }
}

const INPUTS: [[f32; 4]; 3] = [[0.5; 4]; 3];
const TARGETS: [[f32; 2]; 3] = [[0.5; 2]; 3];

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let data = Dataset::new(&INPUTS, &TARGETS).expect("as many inputs as targets");
    let mut evaluator = Evaluator::<Net, 8>::boxed();
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    println!("{:?}", evaluator.evaluate(&net, &Mse, &data));
    let mut evaluator = Evaluator::<Other, 8>::boxed();
    //~v ERROR: `Net` is not a network with the parameters `Other`
    println!("{:?}", evaluator.evaluate(&net.with_frozen(&frozen), &Mse, &data));
}
