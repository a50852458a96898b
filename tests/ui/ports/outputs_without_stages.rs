use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> { y: [2] } 
}

fn main() {
    println!("{}", Net::summary());
}
