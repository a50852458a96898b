//! The smallest program that classifies with 784-128-64-10, its weights inside: reads 784 bytes, exits with the class. What its
//! file weighs beyond the weights is std and us.

use std::io::{self, Read};
use std::process::ExitCode;

use nn_runtime::bytemuck;
use nn_runtime::prelude::*;

network! {
    struct Mlp: [784] -> [10] {
        linear(128), relu,
        linear(64), relu,
        linear(10),
    }
}

/// Weights stand here, of no meaning; a real program has `include_bytes!` of a file.
static WEIGHTS: [f32; size_of::<Mlp>() / 4] = {
    let mut weights = [0.0; size_of::<Mlp>() / 4];
    let (mut index, mut state) = (0, 1_u32);
    while index < weights.len() {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        weights[index] = (state >> 8) as f32 / (1 << 27) as f32 - 0.06;
        index += 1;
    }
    weights
};

fn main() -> ExitCode {
    let network: &Mlp = bytemuck::from_bytes(bytemuck::must_cast_slice(&WEIGHTS));
    let mut pixels = [0; 784];
    if io::stdin().read_exact(&mut pixels).is_err() {
        return ExitCode::FAILURE;
    }
    let outputs = network.predict(&pixels.map(|pixel| f32::from(pixel) / 255.0));
    ExitCode::from(outputs.imax() as u8)
}
