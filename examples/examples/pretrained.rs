//! Loads a classifier that PyTorch trained, by one call, and tests it on 360 handwritten digits.
//!
//! `cargo run --release -p examples --example pretrained`

use std::error::Error;
use std::path::Path;

use examples::{TRAINING_DIGITS, digits};
use nn_runtime::prelude::*;

network! {
    /// A convolution, then a recurrent layer that reads the pixels of its output one after the other. The PyTorch module is in
    /// `examples/data/models.py`.
    pub struct DigitReader: [1, 8, 8] -> [10] {
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

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/models/digit_reader.safetensors");
    let network = DigitReader::load(path)?;
    for tensor in network.state_dict() {
        println!("{:<20} {:?}", tensor.info().name().to_string(), tensor.info().shape());
    }

    let (pixels, labels) = digits()?;
    let (_, test) = Dataset::new(&pixels, &labels)?.split_at(TRAINING_DIGITS)?;
    let matrix: ConfusionMatrix<10> = confusion_matrix(&network, &test)?;
    println!("\n{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
