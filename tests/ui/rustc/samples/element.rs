use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let row: [f64; 4] = [0.5; 4];
    //~v ERROR: a sample here is of type `[f32; 4]`, not `[f64; 4]`
    println!("{}", network.predict(&row));
}
