use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4] { image: conv2d(2, 3), relu, features: flatten, features, image { linear(4) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
