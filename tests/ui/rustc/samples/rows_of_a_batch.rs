use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    let rows = [[0.5_f32; 3]; 2];
    //~v ERROR: samples here are a slice of `[f32; 4]`, not of `[f32; 3]`
    println!("{:?}", predict_batch(&network, &rows));
}
