//! A network of 30 dense layers, each of another odd size: what a program of that size costs to compile.

use nn_runtime::prelude::*;

network! {
    /// Thirty layers.
    struct Thirty: [57] -> [10] {
        linear(49), relu,
        linear(95), tanh,
        linear(89), sigmoid,
        linear(35), relu,
        linear(67), tanh,
        linear(97), sigmoid,
        linear(79), relu,
        linear(99), tanh,
        linear(93), sigmoid,
        linear(27), relu,
        linear(125), tanh,
        linear(21), sigmoid,
        linear(127), relu,
        linear(53), tanh,
        linear(91), sigmoid,
        linear(51), relu,
        linear(43), tanh,
        linear(111), sigmoid,
        linear(119), relu,
        linear(129), tanh,
        linear(117), sigmoid,
        linear(113), relu,
        linear(69), tanh,
        linear(101), sigmoid,
        linear(39), relu,
        linear(115), tanh,
        linear(107), sigmoid,
        linear(109), relu,
        linear(85), tanh,
        linear(10),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Thirty::boxed(&mut rng(1));
    let mut training = Training::<Thirty, Adam, 32>::boxed();
    let loss = training.step(&mut *network, &Adam::new(1e-3), &CrossEntropy, &[[0.5; 57]; 32], &[3_u8; 32])?;
    println!("loss {loss}, first output {}", network.predict(&SVector::repeat(0.5))[0]);
    Ok(())
}
