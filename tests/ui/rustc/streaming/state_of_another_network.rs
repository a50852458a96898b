use nn_runtime::prelude::*;

network! {
    struct Net: [5, 3] -> [5, 2] { #[frozen] lstm(4), linear(2) }
    struct Other: [5, 3] -> [5, 2] { lstm(4), linear(2) }
}

fn main() {
    let (net, frozen) = (Net::new(&mut rng(1)), NetFrozen::new(&mut rng(2)));
    let mut state = OtherState::ZERO;
    //~v ERROR: type mismatch resolving `<Net as Streaming>::State == OtherState`
    println!("{}", net.with_frozen(&frozen).step(&mut state, &[0.5; 3]));
}
