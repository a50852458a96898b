use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] {
        linear(3), softmax,
    }
}

fn main() -> Result<(), TrainError> {
    let (inputs, targets) = ([[1.0, 2.0]; 4], [0_u8; 4]);
    let data = Dataset::new(&inputs, &targets)?;
    //~v ERROR: `CrossEntropy` includes the softmax, but the network ends with one
    println!("{}", evaluate(&Net::ZERO, &CrossEntropy, &data)?);
    Ok(())
}
