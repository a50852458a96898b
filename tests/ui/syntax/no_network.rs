use nn_runtime::prelude::*;

network! {
    linear(8), relu, linear(2)
}

fn main() {}
