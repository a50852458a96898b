use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [2, 3] {
        linear(6), reshape([2, 3]), softmax, flatten, reshape([2, 3]),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    //~v ERROR: `CrossEntropy` includes the softmax, but the network ends with one
    training.step(&mut network, &Adam::new(0.1), &CrossEntropy, &[[1.0, 2.0]], &[[0_u8, 1]])?;
    Ok(())
}
