use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let rows = [0.5_f32; 8];
    //~v ERROR: a sample here is 4 values of type `f32`, not `[f32]`
    println!("{}", network.predict(&rows[4..]));
}
