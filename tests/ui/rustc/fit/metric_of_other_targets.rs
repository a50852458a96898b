use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] { linear(8), relu, linear(3) }
}

fn main() -> Result<(), FitError> {
    let mut network = Net::new(&mut rng(1));
    let inputs = [[1.0, 2.0]; 4];
    let data = Dataset::new(&inputs, &[[0.0; 3]; 4])?;
    let mut fit = Fit::new(Adam::new(0.1), Mse).validation(&data).metrics(Accuracy);
    //~v ERROR: is no class index, nor an array of one for each step
    fit.run(&mut network, &data)?;
    Ok(())
}
