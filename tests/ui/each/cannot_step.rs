use nn_runtime::prelude::*;

network! {
    struct Net: [5, 2, 3] -> [5, 2] { each { flatten, linear(2) }, gru(1, bidirectional = true) }
}

fn main() {
    let mut state = NetState::ZERO;
    println!("{}", Net::new(&mut rng(1)).step(&mut state, &[0.0; 6])[0]);
}
