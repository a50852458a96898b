use nn_runtime::prelude::*;

network! {
    struct Net: [2] -> [3] { linear(8), relu, linear(3) }
}

fn main() -> Result<(), FitError> {
    let mut network = Net::new(&mut rng(1));
    let data = Dataset::new(&[[1.0, 2.0]; 4], &[0_u8; 4])?;
    let fit = Fit::new(Adam::new(0.1), CrossEntropy);
    //~v ERROR: a callback returns nothing or a `ControlFlow`, but this one returns `bool`
    fit.on_epoch(|run| run.results.loss < 0.1).run(&mut network, &data)?;
    Ok(())
}
