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

/// Every kind of fragment that may stand for a part of a network.
macro_rules! image {
    (
        $(#[$attribute:meta])* $name:ident: $element:ty, $input:expr, $output:tt, $stage:ident, $layer:ident, $kernel:expr,
        $padding:expr, $bias:expr, $p:expr, $slope:literal, $activation:path, $parts:ty, $size:expr, $body:block
    ) => {
        network! {
            const SIZE: usize = $size;

            struct $parts: $element [SIZE] -> $element [SIZE] { linear(SIZE) }

            $(#[$attribute])*
            struct $name: $element $input -> $element $output {
                $stage: $layer(2, kernel_size = $kernel, padding = $padding, bias = $bias),
                dropout($p), leaky_relu($slope), $activation,
                reshape([SIZE]),
                part: $parts -> [$size],
                residual $body,
            }
        }
    };
}

image!(
    #[derive(Debug)]
    #[allow(dead_code)]
    Image: f64, [1, 2 + 2, 5], [2 * 20], conv, conv2d, (3, 1 + 2), (1, 1), false, 1 / 4, -0.5, tanh, Part, 4 * 10, { softsign }
);

/// The expression goes through a second macro.
macro_rules! outer {
    ($name:ident, $inputs:expr) => {
        perceptron!($name, $inputs - 1, 4, 2);
    };
}

outer!(Third, 2 + 2);

fn main() {
    let output: SVector<f32, 3> = First::new(&mut rng(1)).predict(&SVector::<f32, 4>::zeros());
    println!("{output} {}", Second::new(&mut rng(1)).fc1.weight.len());
    let output: SVector<f32, 2> = Third::new(&mut rng(1)).predict(&SVector::<f32, 6>::zeros());
    let image: SVector<f64, 40> = Image::new(&mut rng(1)).predict(&SVector::<f64, 20>::zeros());
    println!("{output} {image} {:?}", Part::new(&mut rng(1)).linear1.bias);
}
