//! A convolutional autoencoder that squeezes the 64 pixels of a handwritten digit into 8 numbers and draws the digit again
//! from them, beside a linear one, whose best are the first 8 principal components.
//!
//! `cargo run --release -p examples --example autoencoder`

use std::error::Error;
use std::{env, fs};

use examples::{TRAINING_DIGITS, digits, pgm, shaded, side_by_side};
use nn_runtime::prelude::*;

network! {
    const CODE: usize = 8;

    /// From an image to its code.
    pub struct Encoder: [1, 8, 8] -> [CODE] {
        conv1: conv2d(16, kernel_size = 3, padding = 1), relu,
        conv2: conv2d(32, kernel_size = 3, stride = 2, padding = 1), relu,
        flatten,
        code: linear(CODE),
    }

    /// From a code to an image.
    pub struct Decoder: [CODE] -> [1, 8, 8] {
        fc: linear(32 * 4 * 4), relu,
        reshape([32, 4, 4]),
        conv1: conv_transpose2d(16, kernel_size = 4, stride = 2, padding = 1), relu,
        conv2: conv2d(1, kernel_size = 3, padding = 1), sigmoid,
    }

    /// Both, to be trained.
    pub struct Autoencoder: [1, 8, 8] -> [1, 8, 8] {
        encoder: Encoder,
        decoder: Decoder,
    }

    /// The same without anything that is not linear.
    pub struct Linear: [64] -> [64] {
        code: linear(CODE),
        out: linear(64),
    }
}

/// How many digits are drawn.
const SHOWN: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let (pixels, _) = digits()?;
    let (training, test) = Dataset::new(&pixels, &pixels)?.split_at(TRAINING_DIGITS)?;
    println!("{}\n", Autoencoder::summary());

    let mut linear = Linear::new(&mut rng(1));
    Fit::new(Adam::new(3e-3), Mse).epochs(30).seed(1).run(&mut linear, &training)?;
    let mut network = Autoencoder::boxed(&mut rng(1));
    let fit = Fit::new(Adam::new(3e-3), Mse).epochs(30).seed(1).validation(&test);
    let every_fifth = |run: &mut AfterEpoch<_, _>| {
        if run.epoch % 5 == 0 {
            println!("{run}");
        }
    };
    fit.on_epoch(every_fifth).run(&mut *network, &training)?;

    let originals = &test.inputs()[..SHOWN];
    let codes: Vec<_> = originals.iter().map(|image| network.encoder.predict(image)).collect();
    let drawn: Vec<[f32; 64]> = codes.iter().map(|code| network.decoder.predict(code).into()).collect();
    for (title, images) in [("digits that were not trained", originals), ("drawn from their codes", &drawn)] {
        let blocks: Vec<String> = images.iter().map(shaded).collect();
        println!("\n{title}\n{}", side_by_side(&blocks).trim_end());
    }
    // from the code of the first digit to that of the second, in a straight line
    let between = |share: f32| network.decoder.predict(&codes[0].lerp(&codes[1], share)).into();
    let line: [[f32; 64]; SHOWN] = std::array::from_fn(|i| between(i as f32 / (SHOWN - 1) as f32));

    let path = env::temp_dir().join("autoencoder.pgm");
    fs::write(&path, pgm(&[originals, &drawn, &line], 8))?;
    println!("\nas an image, with what is between the first and the second: {}\n", path.display());

    let [error, linear] = [evaluate(&*network, &Mse, &test)?.loss, evaluate(&linear, &Mse, &test)?.loss];
    println!("squared error of a test pixel: {error:.4}; of a linear autoencoder: {linear:.4}");
    Ok(())
}
