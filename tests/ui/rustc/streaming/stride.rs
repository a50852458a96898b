use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `conv1d1` skips steps, as its `stride` is not 1
    struct Net: [2, 9] -> [3, 4] { conv1d(3, kernel_size = 3, stride = 2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
