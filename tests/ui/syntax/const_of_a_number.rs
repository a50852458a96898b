use nn_runtime::prelude::*;

network! {
    const P: f32 = 0.5;

    struct Net: [4] -> [2] { linear(3), dropout(P), linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
