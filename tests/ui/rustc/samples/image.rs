use nn_runtime::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [2] { flatten, linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let image = [[0.5_f32; 28]; 28];
    //~v ERROR: a sample here is of type `[f32; 784]`, not `[[f32; 28]; 28]`
    println!("{}", network.predict(&image));
}
