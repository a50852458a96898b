//! Silero VAD with both of its published sets of weights, chunk by chunk, against the runtimes that they were made for.
//! `tests/silero/fetch.py` fetches the weights, `tests/silero/reference.py` has the signal and wrote what the originals compute.

use std::f64::consts::PI;
use std::path::Path;

use nn_runtime::prelude::*;
use nn_runtime::weights::Load;
use nn_tests::{Case, pattern};

network! {
    /// The chunks of a whole sequence; a stream may have any number.
    const CHUNKS: usize = 40;

    /// How probable it is that someone speaks, chunk by chunk of 32 ms at 16 kHz, each with 4 ms of the chunk before it.
    struct Silero: [CHUNKS, 576] -> [CHUNKS, 1] {
        // the magnitudes of 129 frequencies at four times, and convolutions that bring these together
        encoder: each {
            reshape([1, 576]), pad([[0, 64]], mode = reflect),
            stft_conv: conv1d(258, kernel_size = 256, stride = 128, bias = false),
            add { [narrow(0, 0, 129), square], [narrow(0, 129, 129), square] }, sqrt,
            conv1: conv1d(128, kernel_size = 3, padding = 1), relu,
            conv2: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
            conv3: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
            conv4: conv1d(128, kernel_size = 3, padding = 1), relu,
            flatten,
        },
        lstm_cell: lstm(128), relu,
        transpose, final_conv: conv1d(1, kernel_size = 1), transpose,
        sigmoid,
    }
}

/// The samples of a chunk, 32 ms, and how many of the chunk before stand before them.
const CHUNK: usize = 512;
const CONTEXT: usize = 64;
/// The resonances of two vowels, a and i, in Hz.
const FORMANTS: [[f64; 3]; 2] = [[700.0, 1220.0, 2600.0], [300.0, 2300.0, 3000.0]];

/// The signal of `tests/silero/reference.py`: noise, in it syllables of a voice.
fn signal(len: usize) -> Vec<f32> {
    let mut samples = pattern("signal", &[len], 16, 0.01).values;
    for (index, sample) in samples.iter_mut().enumerate() {
        let time = index as f64 / 16_000.0;
        if (0.4..0.9).contains(&time) {
            let turns = 120.0 * time + 2.0 * (3.0 * time).sin();
            let formants = FORMANTS[index / 4000 % 2];
            for harmonic in (1..30).map(f64::from) {
                let resonance = |formant: f64| 1.0 / (1.0 + ((120.0 * harmonic - formant) / 100.0).powi(2));
                let loudness: f64 = formants.map(resonance).iter().sum();
                *sample += 0.2 * (4.0 * PI * time).sin().powi(2) * loudness * (2.0 * PI * harmonic * turns).sin();
            }
        }
        *sample = (*sample * 32768.0 + 0.5).floor() / 32768.0;
    }
    samples.into_iter().map(|sample| sample as f32).collect()
}

fn check(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("silero/data/{name}.safetensors"));
    let mut network = Silero::boxed(&mut rng(0));
    let recurrent = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(|name| format!("lstm_cell.{name}"));
    let load = recurrent.iter().fold(Load::new(), |load, name| load.rename(name, format!("{name}_l0")));
    let convolutions = ["stft_conv", "conv1", "conv2", "conv3", "conv4"];
    let load = convolutions.iter().fold(load, |load, name| load.rename(*name, format!("encoder.{name}")));
    load.file(&mut *network, &file).expect("`tests/silero/fetch.py` has fetched the file");

    let case = Case::read("../silero/expected");
    let expected = &case.tensor(&format!("probability.{name}")).values;
    let (mut state, mut chunks) = (SileroState::boxed(), vec![0.0; CHUNKS * (CONTEXT + CHUNK)]);
    let mut input = [0.0; CONTEXT + CHUNK];
    let places = chunks.chunks_exact_mut(CONTEXT + CHUNK);
    for ((chunk, expected), place) in signal(CHUNK * expected.len()).chunks_exact(CHUNK).zip(expected).zip(places) {
        input.copy_within(CHUNK.., 0);
        input[CONTEXT..].copy_from_slice(chunk);
        let probability = network.step(&mut state, &input)[0];
        assert!((f64::from(probability) - expected).abs() <= 1e-5, "{name}: {probability} is not {expected}");
        place.copy_from_slice(&input);
    }
    let mut workspace = SileroInferenceWorkspace::boxed();
    let whole: &[f32; CHUNKS * (CONTEXT + CHUNK)] = chunks.as_slice().try_into().expect("so many values");
    let whole = network.predict_in(whole, &mut workspace);
    for (probability, expected) in whole.iter().zip(expected) {
        assert!((f64::from(*probability) - expected).abs() <= 1e-5, "{name}: {probability} is not {expected}");
    }
}

#[test]
#[ignore = "`tests/silero/fetch.py` fetches the weights"]
fn the_published_network_gives_what_onnxruntime_gives() {
    check("silero_vad");
}

#[test]
#[ignore = "`tests/silero/fetch.py` fetches the weights"]
fn the_network_for_16_khz_alone_gives_what_pytorch_gives() {
    check("silero_vad_16k");
}
