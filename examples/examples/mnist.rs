//! A convolutional network on MNIST, which `examples/data/fetch-mnist.sh` fetches: with a learning rate that rises and falls, on two
//! cores, with a progress bar and checkpoints. Stopped by Ctrl-C, it goes on where it was when it is run again.
//!
//! `cargo run --release -p examples --example mnist`

use std::error::Error;

use examples::{TRAINING_IMAGES, mnist};
use nn_runtime::prelude::*;

network! {
    /// A classifier of 28x28 grey images.
    pub struct Mnist: [1, 28, 28] -> [10] {
        conv1: conv2d(16, kernel_size = 5, padding = same), relu,
        max_pool2d(2),
        conv2: conv2d(32, kernel_size = 5, padding = same), relu,
        max_pool2d(2),
        flatten,
        fc: linear(128), relu,
        dropout(0.3),
        out: linear(10),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (images, labels) = mnist()?;
    let (training, test) = Dataset::new(&images, &labels)?.split_at(TRAINING_IMAGES)?;
    println!("{}\n", Mnist::summary());

    let mut network = Mnist::boxed(&mut rng(1));
    let report = Fit::new(AdamW::new(1e-3), CrossEntropy)
        .batch_size(128)
        .epochs(4)
        .seed(1)
        .schedule(OneCycle::new(4e-3))
        .validation(&test)
        .threads(2)
        .checkpoint("target/runs/mnist")
        .log_csv("target/runs/mnist/history.csv")
        .stop_on_ctrl_c()
        .progress()
        .run(&mut *network, &training)?;

    let matrix: ConfusionMatrix<10> = confusion_matrix(&*network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3} after {} epochs", matrix.accuracy(), report.epochs);
    Ok(())
}
