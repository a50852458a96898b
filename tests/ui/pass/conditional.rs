#![deny(warnings)]

use nn_runtime::prelude::*;

network! {
    /// Not compiled at all.
    #[cfg(any())]
    pub struct Never: [3, 2] -> [3, 1] {
        block: residual { gru(2) }, #[frozen] linear(2), linear(1),
    }

    /// Compiled.
    #[cfg(all())]
    pub struct Always: [2] -> [1] { linear(1) }
}

/// The same name is free.
pub struct Never;

fn main() {
    let _ = Never;
    println!("{}", Always::new(&mut rng(1)).predict(&SVector::zeros()));
}
