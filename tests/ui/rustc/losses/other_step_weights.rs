use nn_runtime::loss::StepWeights;
use nn_runtime::prelude::*;

network! {
    struct Net: [3, 2] -> [3, 2] {
        gru(2),
    }
}

fn main() -> Result<(), TrainError> {
    let mut network = Net::ZERO;
    let mut training = Training::<Net, Adam, 4>::ZERO;
    let target = ([0.0; 6], [1.0, 0.0]);
    //~v ERROR: mismatched types
    training.step(&mut network, &Adam::new(0.1), &StepWeights(Mse), &[[0.0; 6]], &[target])?;
    Ok(())
}
