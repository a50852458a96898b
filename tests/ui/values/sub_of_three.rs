use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { sub { [linear(4)], [], [relu] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
