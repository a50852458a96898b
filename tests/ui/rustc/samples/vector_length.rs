use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

fn main() {
    let network = Net::new(&mut rng(1));
    //~v ERROR: a sample here is of type `[f32; 4]`, not `Matrix<
    println!("{}", network.predict(&SVector::from([1.0, 2.0, 3.0])));
}
