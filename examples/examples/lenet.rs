//! LeNet-5 on handwritten digits: on MNIST, if `examples/data/fetch-mnist.sh` has fetched it, else on the 1,797 digits that
//! are committed, enlarged to MNIST's size.
//!
//! `cargo run --release -p examples --example lenet`

use std::error::Error;
use std::time::Instant;

use examples::{DataError, TRAINING_DIGITS, TRAINING_IMAGES, digits, enlarged, mnist};
use nn_runtime::prelude::*;

network! {
    /// LeNet-5 for 28x28 grey images.
    pub struct LeNet: [1, 28, 28] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu,
        max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu,
        max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }
}

/// Images, their digits, how many of them train, and for how many epochs.
struct Task {
    images: Vec<[f32; 784]>,
    labels: Vec<u8>,
    training: usize,
    epochs: usize,
}

impl Task {
    fn new() -> Result<Self, DataError> {
        match mnist() {
            Ok((images, labels)) => Ok(Self { images, labels, training: TRAINING_IMAGES, epochs: 1 }),
            Err(missing @ DataError::Missing { .. }) => {
                println!("{missing}; with the 1,797 digits until then\n");
                let (images, labels) = digits()?;
                let images = images.iter().map(enlarged).collect();
                Ok(Self { images, labels, training: TRAINING_DIGITS, epochs: 20 })
            }
            Err(error) => Err(error),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let Task { images, labels, training, epochs } = Task::new()?;
    let (training, test) = Dataset::new(&images, &labels)?.split_at(training)?;
    println!("{}\n", LeNet::summary());

    let mut network = LeNet::boxed(&mut rng(1));
    let fit = Fit::new(Adam::new(1e-3), CrossEntropy).epochs(epochs).batch_size(32).seed(1);
    let start = Instant::now();
    fit.validation(&test).on_epoch(|run| println!("{run}")).run(&mut *network, &training)?;
    println!("trained in {:.2} s\n", start.elapsed().as_secs_f64());

    let matrix: ConfusionMatrix<10> = confusion_matrix(&*network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
