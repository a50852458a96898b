use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [6] {
        linear(6),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    //~v ERROR: the number of classes in the target is not 1, the number of steps of the network's output
    training.step(&mut network, &Adam::new(0.1), &CrossEntropy, &[[1.0, 2.0]], &[[0_u8, 1]])?;
    Ok(())
}
