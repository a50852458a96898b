use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8] -> [4, 8] { transformer(d_model = 8, nhead = 2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
