//! A residual network with batch normalisation (He et al., 2016) on 8x8 handwritten digits.
//!
//! `cargo run --release -p examples --example resnet`

use std::error::Error;
use std::time::Instant;

use examples::{TRAINING_DIGITS, digits};
use nn_runtime::prelude::*;

network! {
    /// Three blocks; the second halves the image and doubles the channels, so that its shortcut is a convolution, too.
    pub struct ResNet: [1, 8, 8] -> [10] {
        stem: conv2d(16, kernel_size = 3, padding = 1, bias = false),
        stem_norm: batch_norm2d, relu,

        block1: residual {
            conv1: conv2d(16, kernel_size = 3, padding = 1, bias = false),
            norm1: batch_norm2d, relu,
            conv2: conv2d(16, kernel_size = 3, padding = 1, bias = false),
            norm2: batch_norm2d,
        }, relu,

        block2: add {
            [
                conv1: conv2d(32, kernel_size = 3, stride = 2, padding = 1, bias = false),
                norm1: batch_norm2d, relu,
                conv2: conv2d(32, kernel_size = 3, padding = 1, bias = false),
                norm2: batch_norm2d,
            ],
            [
                shortcut: conv2d(32, kernel_size = 1, stride = 2, bias = false),
                shortcut_norm: batch_norm2d,
            ],
        }, relu,

        block3: residual {
            conv1: conv2d(32, kernel_size = 3, padding = 1, bias = false),
            norm1: batch_norm2d, relu,
            conv2: conv2d(32, kernel_size = 3, padding = 1, bias = false),
            norm2: batch_norm2d,
        }, relu,

        global_avg_pool,
        out: linear(10),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (pixels, labels) = digits()?;
    let (training, test) = Dataset::new(&pixels, &labels)?.split_at(TRAINING_DIGITS)?;
    println!("{}\n", ResNet::summary());

    let mut network = ResNet::boxed(&mut rng(1));
    let fit = Fit::new(AdamW::new(1e-3), CrossEntropy).epochs(10).batch_size(32).seed(1);
    let start = Instant::now();
    fit.validation(&test).on_epoch(|run| println!("{run}")).run(&mut *network, &training)?;
    println!("trained in {:.2} s\n", start.elapsed().as_secs_f64());

    let matrix: ConfusionMatrix<10> = confusion_matrix(&*network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
