use nn_runtime::prelude::*;

network! {
    #[cfg(any())]
    const HIDDEN: usize = 512;

    pub struct Net: [4] -> [2] { linear(HIDDEN), linear(2) }
}

fn main() {}
