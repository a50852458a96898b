use nn_runtime::prelude::*;

network! {
    struct Net: [2, 8] -> [8] { unbind(0), relu }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
