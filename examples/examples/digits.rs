//! Trains a classifier on 1,437 handwritten digits and tests it on 360 others.
//!
//! `cargo run --release -p examples --example digits`

use std::error::Error;
use std::time::Instant;

use examples::{TRAINING_DIGITS, digits};
use nn_runtime::prelude::*;

network! {
    /// A classifier of 8x8 pixels.
    pub struct Digits: [64] -> [10] {
        hidden: linear(32), relu,
        out: linear(10),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (pixels, labels) = digits()?;
    let (training, test) = Dataset::new(&pixels, &labels)?.split_at(TRAINING_DIGITS)?;
    println!("{}\n", Digits::summary());

    let mut network = Digits::new(&mut rng(1));
    let fit = Fit::new(Adam::new(3e-3), CrossEntropy).epochs(30).batch_size(32).seed(1);
    let start = Instant::now();
    fit.validation(&test).progress().run(&mut network, &training)?;
    println!("trained in {:.2} s\n", start.elapsed().as_secs_f64());

    let matrix: ConfusionMatrix<10> = confusion_matrix(&network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
