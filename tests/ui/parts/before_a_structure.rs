use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [8] { (both): residual { linear(8) }, both }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
