use nn_runtime::prelude::*;

network! { struct Net: [5, 3] -> [5, 2] { lstm(4), linear(2) } }

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    //~v ERROR: samples here are a slice of `[f32; 3]`, not of `[f32; 5]`
    println!("{:?}", net.step_block(&mut state, &[[0.5_f32; 5]; 8]));
}
