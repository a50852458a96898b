//! A small VGG (Simonyan and Zisserman, 2015) on 8x8 handwritten digits: pairs of 3x3 convolutions, a pool after each, and
//! dropout before the output.
//!
//! `cargo run --release -p examples --example vgg`

use std::error::Error;
use std::time::Instant;

use examples::{TRAINING_DIGITS, digits};
use nn_runtime::prelude::*;

network! {
    /// Two pairs of convolutions, as VGG-13 has five.
    pub struct Vgg: [1, 8, 8] -> [10] {
        conv1_1: conv2d(16, kernel_size = 3, padding = 1), relu,
        conv1_2: conv2d(16, kernel_size = 3, padding = 1), relu,
        max_pool2d(2) -> [16, 4, 4],

        conv2_1: conv2d(32, kernel_size = 3, padding = 1), relu,
        conv2_2: conv2d(32, kernel_size = 3, padding = 1), relu,
        max_pool2d(2) -> [32, 2, 2],

        flatten,
        fc: linear(64), relu,
        dropout(0.5),
        out: linear(10),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (pixels, labels) = digits()?;
    let (training, test) = Dataset::new(&pixels, &labels)?.split_at(TRAINING_DIGITS)?;
    println!("{}\n", Vgg::summary());

    let mut network = Vgg::boxed(&mut rng(1));
    let fit = Fit::new(Adam::new(2e-3), CrossEntropy).epochs(20).batch_size(32).seed(1);
    let start = Instant::now();
    fit.validation(&test).on_epoch(|run| println!("{run}")).run(&mut *network, &training)?;
    println!("trained in {:.2} s\n", start.elapsed().as_secs_f64());

    let matrix: ConfusionMatrix<10> = confusion_matrix(&*network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
