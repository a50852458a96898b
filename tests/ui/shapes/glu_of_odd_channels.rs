use nn_runtime::prelude::*;

network! {
    struct Net: [3, 8] -> [2, 8] { conv1d(5, kernel_size = 3, padding = 1), glu(dim = 0) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
