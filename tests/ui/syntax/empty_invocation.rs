use nn_runtime::prelude::*;

network! {}

fn main() {}
