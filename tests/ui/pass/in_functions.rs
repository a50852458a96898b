#![deny(warnings)]

use nn_runtime::prelude::*;

fn first() -> f32 {
    network! {
        struct Net: [4] -> [2] { fc1: linear(2) }
    }
    Net::new(&mut rng(1)).predict(&SVector::zeros())[0]
}

fn second() -> f64 {
    network! {
        const SIZE: usize = 3;
        struct Inner: f64 [4] -> [SIZE] { linear(SIZE), }
        struct Net: f64 [4] -> [2] { Inner, fc1: linear(2) }
    }
    Net::new(&mut rng(1)).fc1.bias[SIZE - 2]
}

fn main() {
    println!("{} {}", first(), second());
}
