use nn_runtime::prelude::*;

network! { struct Net: [5, 3] -> [5, 2] { lstm(4), linear(2) } }

fn main() {
    let net = Net::new(&mut rng(1));
    let (mut state, mut workspace) = (NetState::ZERO, NetBlockWorkspace::<32>::ZERO);
    //~v ERROR: mismatched types
    println!("{:?}", net.step_block_in(&mut state, &[[0.5; 3]; 64], &mut workspace));
}
