use nn_runtime::prelude::*;

const P: f32 = 0.5;

network! {
    struct Net: [4] -> [2] { dropout(P), linear(2) }
}

fn main() {
    println!("{} {P}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
