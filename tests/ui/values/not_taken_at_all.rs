use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { linear(4), relu, add { [side], [side] }, side: tanh }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
