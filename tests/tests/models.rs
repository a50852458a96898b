//! Models that were trained elsewhere, loaded by one call: their outputs are those of the runtime that they come from. The files
//! and the script that made them are in `examples/data`.

use std::fs;
use std::path::PathBuf;

use approx::assert_relative_eq;
use nn_runtime::nalgebra::SVector;
use nn_runtime::prelude::*;
use safetensors::SafeTensors;

network! {
    /// The classifier that rten-onnx tests its reader with.
    struct Mnist: [1, 28, 28] -> [10] {
        conv1: conv2d(32, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),
        conv2: conv2d(72, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),
        pw: conv2d(64, kernel_size = 1), relu,
        global_avg_pool,
        fc: linear(10),
    }

    /// That of `examples/examples/pretrained.rs`.
    struct DigitReader: [1, 8, 8] -> [10] {
        conv: conv2d(8, kernel_size = 3, padding = 1),
        norm: batch_norm2d,
        relu,
        max_pool2d(2),
        reshape([8, 16]),
        transpose,
        gru: gru(24),
        last,
        out: linear(10),
    }
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../examples/data/models", name].iter().collect()
}

/// The rows of inputs and outputs that the original runtime computed.
fn expected<const IN: usize, const OUT: usize>(name: &str) -> (Vec<[f32; IN]>, Vec<[f32; OUT]>) {
    fn rows<const N: usize>(tensors: &SafeTensors, name: &str) -> Vec<[f32; N]> {
        let values = tensors.tensor(name).expect("the file has it").data().as_chunks::<4>().0;
        let values: Vec<f32> = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        values.as_chunks().0.to_vec()
    }
    let bytes = fs::read(file(name)).expect("the file is there");
    let tensors = SafeTensors::deserialize(&bytes).expect("it is a safetensors file");
    (rows(&tensors, "input"), rows(&tensors, "output"))
}

fn assert_agrees<const OUT: usize>(actual: SVector<f32, OUT>, expected: &[f32; OUT]) {
    let expected = SVector::from(*expected);
    assert_relative_eq!(actual, expected, epsilon = 1e-6 * expected.amax(), max_relative = 0.0);
}

#[test]
fn a_published_classifier_gives_what_onnxruntime_gives() {
    let network = Mnist::load(file("mnist.safetensors")).expect("its tensors have our names");
    let (inputs, outputs) = expected::<784, 10>("mnist.expected.safetensors");
    assert_eq!(inputs.len(), 10);
    let mut workspace = MnistInferenceWorkspace::boxed();
    for (input, output) in inputs.iter().zip(&outputs) {
        assert_agrees(network.predict_in(input, &mut workspace), output);
    }
}

#[test]
fn a_classifier_with_convolution_norm_and_gru_gives_what_pytorch_gives() {
    let network = DigitReader::load(file("digit_reader.safetensors")).expect("its tensors have our names");
    let (inputs, outputs) = expected::<64, 10>("digit_reader.expected.safetensors");
    assert_eq!(inputs.len(), 20);
    for (input, output) in inputs.iter().zip(&outputs) {
        assert_agrees(network.predict(input), output);
    }
}
