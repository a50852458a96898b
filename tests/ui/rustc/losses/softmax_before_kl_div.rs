use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] {
        linear(3), softmax,
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    //~v ERROR: this loss takes the logarithms of probabilities, but the network ends with probabilities
    training.step(&mut network, &Adam::new(0.1), &KlDiv::default(), &[[1.0, 2.0]], &[[1.0, 0.0, 0.0]])?;
    Ok(())
}
