//! `RNNoise`'s network in its own runtime, with its own weights: it takes sound, not the exported features, so nothing of the
//! exchange is read. `tests/tests/rnnoise` shows that both compute the same.
//!
//! The network is not public by itself. Its time is that of a frame, less that of a frame with a network of the least size, one
//! neuron a layer: 0.4 % of its weights.

use std::hint::black_box;
use std::process::ExitCode;

use nnnoiseless::{DenoiseState, RnnModel};
use peer_protocol::{Failure, Job};

const FEATURES: u8 = 42;
const BANDS: u8 = 22;

fn main() -> ExitCode {
    peer_protocol::main("nnnoiseless", &[("rnnoise", network)])
}

fn network(job: &Job) -> Result<(), Failure> {
    let small = RnnModel::from_bytes(&small()).ok_or("the small network has the wrong sizes")?;
    job.difference(frame(&RnnModel::default()), frame(&small))
}

/// A frame of noise a call.
fn frame(model: &RnnModel) -> impl FnMut() -> Result<(), Failure> {
    let mut state = DenoiseState::from_model(model.clone());
    let mut random = 1_u32;
    let frames: Vec<[f32; DenoiseState::FRAME_SIZE]> = (0..32)
        .map(|_| {
            std::array::from_fn(|_| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (random >> 20) as f32 - 2048.0
            })
        })
        .collect();
    let mut next = 0;
    move || {
        let mut output = [0.0; DenoiseState::FRAME_SIZE];
        black_box(state.process_frame(&mut output, black_box(&frames[next])));
        black_box(output);
        next = (next + 1) % frames.len();
        Ok(())
    }
}

/// A file of one neuron a layer, all weights 0.
fn small() -> Vec<u8> {
    const SIGMOID: u8 = 1;
    const RELU: u8 = 2;
    let layer = |inputs: u8, outputs: u8, function: u8, weights: usize| {
        let biases = usize::from(outputs) * if function == RELU { 3 } else { 1 };
        let numbers = vec![0; weights + biases];
        [&[inputs, outputs, function], numbers.as_slice()].concat()
    };
    let dense = |inputs: u8, outputs: u8| layer(inputs, outputs, SIGMOID, usize::from(inputs) * usize::from(outputs));
    let gru = |inputs: u8| layer(inputs, 1, RELU, 3 * (usize::from(inputs) + 1));
    [dense(FEATURES, 1), gru(1), gru(FEATURES + 2), gru(FEATURES + 2), dense(1, BANDS), dense(1, 1)].concat()
}
