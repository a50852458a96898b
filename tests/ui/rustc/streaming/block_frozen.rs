use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `flatten1` gives the sequence another shape
    struct Net: [5, 3] -> [2] { #[frozen] lstm(4), flatten, linear(2) }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let mut state = NetState::ZERO;
    //~v ERROR: the method `step_block` exists for struct `WithFrozen<&Net, &NetFrozen>`, but its trait bounds were not satisfied
    let outputs = net.with_frozen(&frozen).step_block(&mut state, &[[0.5; 3]; 8]);
    println!("{}", outputs[7][1]);
}
