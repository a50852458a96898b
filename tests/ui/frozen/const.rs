use nn_runtime::prelude::*;

network! {
    #[frozen]
    const HIDDEN: usize = 8;

    pub struct Net: [4] -> [2] { linear(HIDDEN), linear(2) }
}

fn main() {}
