use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] { linear(8), relu, linear(3) }
}

fn main() -> Result<(), FitError> {
    let mut network = Net::new(&mut rng(1));
    let inputs = [[1.0, 2.0]; 4];
    let data = Dataset::new(&inputs, &[0_u8; 4])?;
    //~v ERROR: mismatched types
    Fit::new(Adam::new(0.1), Mse).run(&mut network, &data)?;
    Ok(())
}
