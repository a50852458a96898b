use nn_runtime::prelude::*;

network! { struct Net: [3] -> [2] { #[frozen] linear(4), linear(2) } }

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let mut state = SVector::<f32, 4>::zeros();
    //~v ERROR: `Net` cannot work step by step
    println!("{}", net.with_frozen(&frozen).step(&mut state, &[0.5; 3]));
}
