#![deny(warnings)]

use nn_runtime::prelude::*;

macro_rules! perceptron {
    ($visibility:vis $name:ident, $inputs:expr, $hidden:literal, $outputs:tt) => {
        network! {
            $visibility struct $name: [$inputs * 2] -> [$outputs] {
                fc1: linear($hidden), relu,
                fc2: linear($outputs),
            }
        }
    };
}

perceptron!(pub First, 1 + 1, 8, 3);
perceptron!(Second, 5, 16, 2);

fn main() {
    let output: SVector<f32, 3> = First::new(&mut rng(1)).predict(&SVector::<f32, 4>::zeros());
    println!("{output} {}", Second::new(&mut rng(1)).fc1.weight.len());
}
