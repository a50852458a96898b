use nn_runtime::prelude::*;

network! {
    struct Inner: [2] -> [3] {
        linear(3), softmax,
    }

    struct Net: [2] -> [3] {
        linear(2), relu,
        Inner,
    }
}

fn main() -> Result<(), FitError> {
    let mut network = Net::new(&mut rng(1));
    let (inputs, targets) = ([[1.0, 2.0]; 4], [0_u8; 4]);
    let data = Dataset::new(&inputs, &targets)?;
    //~v ERROR: `CrossEntropy` includes the softmax, but the network ends with one
    Fit::new(Adam::new(0.1), CrossEntropy).run(&mut network, &data)?;
    Ok(())
}
