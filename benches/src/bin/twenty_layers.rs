//! A network of 20 dense layers, each of another size: what a program of that size costs to compile.

use nn_runtime::prelude::*;

network! {
    /// Twenty layers.
    struct Twenty: [50] -> [10] {
        linear(34), relu,
        linear(89), tanh,
        linear(119), sigmoid,
        linear(114), relu,
        linear(25), tanh,
        linear(49), sigmoid,
        linear(32), relu,
        linear(80), tanh,
        linear(114), sigmoid,
        linear(74), relu,
        linear(77), tanh,
        linear(100), sigmoid,
        linear(65), relu,
        linear(117), tanh,
        linear(43), sigmoid,
        linear(29), relu,
        linear(79), tanh,
        linear(20), sigmoid,
        linear(66), relu,
        linear(10),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Twenty::boxed(&mut rng(1));
    let mut training = Training::<Twenty, Adam, 32>::boxed();
    let loss = training.step(&mut *network, &Adam::new(1e-3), &CrossEntropy, &[[0.5; 50]; 32], &[3_u8; 32])?;
    println!("loss {loss}, first output {}", network.predict(&SVector::repeat(0.5))[0]);
    Ok(())
}
