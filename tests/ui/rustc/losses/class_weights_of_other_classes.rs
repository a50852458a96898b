use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] {
        linear(3),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    //~v ERROR: there must be as many class weights as the network's output has classes
    training.step(&mut network, &Adam::new(0.1), &CrossEntropy.class_weights(&[1.0, 2.0]), &[[1.0, 2.0]], &[0_u8])?;
    Ok(())
}
