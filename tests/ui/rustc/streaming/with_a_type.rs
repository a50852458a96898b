use nn_runtime::prelude::*;

network! {
    struct Encoder: [5, 3] -> [5, 4] { lstm(2, bidirectional = true) }

    //~v ERROR: `Net` cannot work step by step: its stage `encoder` (`Encoder`) is a network that cannot
    pub struct Net: [5, 3] -> [5, 2] { encoder: Encoder, linear(2) }
}

/// The same where types are written out.
fn step(net: &Net, state: &mut NetState) -> SVector<f32, 2> {
    net.step(state, &SVector::from([1.0, 2.0, 3.0]))
}

fn main() {
    let mut state = NetState::ZERO;
    println!("{}", step(&Net::new(&mut rng(1)), &mut state));
}
