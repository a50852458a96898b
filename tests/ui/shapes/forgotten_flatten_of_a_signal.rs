use nn_runtime::prelude::*;

network! {
    struct Net: [2, 100] -> [5] { conv1d(8, kernel_size = 3), relu }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
