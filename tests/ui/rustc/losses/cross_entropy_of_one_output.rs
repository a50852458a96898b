use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [1] {
        linear(1),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    //~v ERROR: the loss compares classes, but the network has an output for one class alone, so it can learn nothing
    training.step(&mut network, &Adam::new(0.1), &CrossEntropy, &[[1.0, 2.0]], &[0_u8])?;
    Ok(())
}
