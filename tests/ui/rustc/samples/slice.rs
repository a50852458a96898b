use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let rows = [0.5_f32; 8];
    //~v ERROR: a sample here is of type `[f32; 4]`, not `[f32]`
    println!("{}", network.predict(&rows[4..]));
}
