use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `conv_transpose1d1` spreads each step over several
    struct Net: [2, 9] -> [3, 9] { conv_transpose1d(3, kernel_size = 3, padding = 1), relu }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
