#![deny(warnings)]

use nn_runtime::prelude::*;

mod models {
    nn_runtime::network! {
        struct Private: [4] -> [3] { linear(3) }
        pub(super) struct Outside: [4] -> [3] { inner: Private, linear(3), }
        pub(crate) struct Everywhere: f64 [4] -> [3] { fc1: linear(3) }
        pub(in crate::models) struct Here: [4] -> [3] { linear(3) }
    }

    pub fn here() -> f32 {
        Here::ZERO.linear1.bias[0] + Private::ZERO.linear1.bias[0]
    }
}

fn main() {
    let (outside, everywhere) = (models::Outside::new(&mut rng(1)), models::Everywhere::new(&mut rng(1)));
    println!("{} {}", outside.predict(&SVector::zeros()), models::here());
    println!("{} {}", everywhere.fc1.weight, everywhere.predict(&SVector::zeros()));
}
