use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { linear(2) }
}

/// The compiler once looked for the needs of this loss until it had no memory left.
fn main() -> Result<(), TrainError> {
    let network = Net::boxed(&mut rng(1));
    let data = Dataset::new(&[[0.0_f32; 4]], &[[0.0_f32; 2]])?;
    evaluate(&network, &data, &Mse)?;
    //~^ ERROR: does not compare an output `[f32; 2]` with a target of type `[f32; 2]`
    //~^^ ERROR: mismatched types
    Ok(())
}
