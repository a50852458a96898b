use nn_runtime::prelude::*;

network! {
    struct Other: [4] -> [4] { other: linear(4) }

    struct Net: [4] -> [4] { linear(4), add { [other], [] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
