use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    //~v ERROR: a sample here is of type `[f32; 4]`, not `[{integer}; 4]`
    println!("{}", network.predict(&[1, 0, 0, 1]));
}
