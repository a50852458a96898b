use nn_runtime::prelude::*;

network! { struct Net: [5, 3] -> [5, 2] { #[frozen] lstm(4), linear(2) } }

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    //~v ERROR: this network has frozen parameters, `NetFrozen`, and is handed over together with them
    println!("{:?}", net.step_block(&mut state, &[[0.5; 3]; 8]));
}
