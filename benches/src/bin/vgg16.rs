//! VGG-16 (Simonyan and Zisserman, 2015) as published, 138 million parameters on 224x224 pixels: what a program of that size costs
//! to compile. It runs in 2.4 GB, none of it on the stack.

use nn_runtime::bytemuck;
use nn_runtime::prelude::*;

network! {
    /// Configuration D of the paper.
    struct Vgg16: [3, 224, 224] -> [1000] {
        conv1_1: conv2d(64, kernel_size = 3, padding = 1), relu,
        conv1_2: conv2d(64, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),

        conv2_1: conv2d(128, kernel_size = 3, padding = 1), relu,
        conv2_2: conv2d(128, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),

        conv3_1: conv2d(256, kernel_size = 3, padding = 1), relu,
        conv3_2: conv2d(256, kernel_size = 3, padding = 1), relu,
        conv3_3: conv2d(256, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),

        conv4_1: conv2d(512, kernel_size = 3, padding = 1), relu,
        conv4_2: conv2d(512, kernel_size = 3, padding = 1), relu,
        conv4_3: conv2d(512, kernel_size = 3, padding = 1), relu,
        max_pool2d(2),

        conv5_1: conv2d(512, kernel_size = 3, padding = 1), relu,
        conv5_2: conv2d(512, kernel_size = 3, padding = 1), relu,
        conv5_3: conv2d(512, kernel_size = 3, padding = 1), relu,
        max_pool2d(2) -> [512, 7, 7],

        flatten,
        fc6: linear(4096), relu, dropout(0.5),
        fc7: linear(4096), relu, dropout(0.5),
        fc8: linear(1000),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Vgg16::boxed(&mut rng(1));
    let mut training = Training::<Vgg16, Adam, 1>::boxed();
    let image: Box<[[f32; 3 * 224 * 224]; 1]> = bytemuck::zeroed_box();
    let loss = training.step(&mut *network, &Adam::new(1e-3), &CrossEntropy, &*image, &[3_u16])?;
    println!("loss {loss}");
    Ok(())
}
