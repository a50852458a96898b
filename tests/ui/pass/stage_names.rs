#![deny(warnings)]

use nn_runtime::prelude::*;

network! {
    /// Names that the generated functions use too.
    pub struct Net: [1, 8, 8] -> [1] {
        input: conv2d(2, 3), output: flatten,
        space: linear(8),
        isa: linear(8),
        pass: linear(8),
        frame: linear(8),
        frozen: linear(8),
        gradient: linear(8), rng: linear(8), weight: linear(8), bias: linear(8), network: linear(8), nn: linear(8), init: linear(8),
        predict: linear(8), zero: linear(8), f32: linear(8), len: linear(8), as_slice: linear(8),
        linear(1),
    }

    /// The same for what is kept for the backward pass.
    pub struct Kept: [1, 8, 8] -> [1] {
        input: max_pool2d(2), slot0: max_pool2d(2), isa: max_pool2d(2), workspace: flatten, linear(1),
    }

    /// The same in a sequence.
    pub struct Sequence: [3, 2] -> [3, 2] {
        memory: gru(4), input: gru(2), frame: gru(2), isa: gru(2), slot0: gru(2), step: linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.input_len(), net.predict(&SVector::zeros()));
    let mut state = SequenceState::ZERO;
    println!("{}", Sequence::new(&mut rng(1)).step(&mut state, &SVector::zeros()));
}

impl Net {
    fn input_len(&self) -> usize {
        self.isa.weight.len() + self.f32.bias.len()
    }
}
