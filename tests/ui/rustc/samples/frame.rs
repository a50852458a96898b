use nn_runtime::prelude::*;

network! {
    struct Filter: [16, 2] -> [16, 1] { gru(4), linear(1) }
}

fn main() {
    let network = Filter::new(&mut rng(1));
    let mut state = FilterState::ZERO;
    //~v ERROR: a sample here is of type `[f32; 2]`, not `[[{float}; 2]; 16]`
    let output = network.step(&mut state, &[[0.5; 2]; 16]);
    println!("{}", output[0]);
}
