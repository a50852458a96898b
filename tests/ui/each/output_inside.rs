use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> { left: [3, 2], right: [3, 2] } { each { both: linear(2), left: tanh }, right: tanh }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()).left[0]);
}
