use nn_runtime::prelude::*;

network! {
    struct Net: [1, 9, 9] -> [2] { conv2d(3, (3,)), flatten, linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
