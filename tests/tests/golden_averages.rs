//! Averages of the parameters over a run against PyTorch's `AveragedModel` and `update_bn`: the validation losses of a small network, and its
//! parameters and running statistics at the end.

use nn_runtime::data::Dataset;
use nn_runtime::loss::Mse;
use nn_runtime::network;
use nn_runtime::network::Network;
use nn_runtime::optim::Sgd;
use nn_runtime::train::{Average, Fit, shuffled};
use nn_tests::{Case, assert_close, load, rows_of, tensors_of};

const SEED: u64 = 7;
const EPOCHS: usize = 4;

network! {
    struct Plain: f64 [4] -> [3] { fc1: linear(6), tanh, fc2: linear(3) }
    struct Normed: f64 [4] -> [3] { fc1: linear(6), norm: batch_norm1d(momentum = 0.3), tanh, fc2: linear(3) }
}

macro_rules! golden_averages {
    ($($name:ident: $case:literal, $network:ty, $average:expr;)*) => {$(
        #[test]
        fn $name() {
            let case = Case::read($case);
            let mut network = load::<$network>(&case, "parameter.");
            check(&case, &mut *network, $average);
            for (tensor, values) in tensors_of(network.state_dict(), &case, "after.") {
                assert_close(&values, &tensor.values, 1e-9, &format!("{}: {}", case.name, tensor.name));
            }
        }
    )*};
}

fn check<N>(case: &Case, network: &mut N, average: Average)
where
    N: Network<Input = [f64; 4], Output = [f64; 3], Scalar = f64>,
{
    let (inputs, targets): (Vec<[f64; 4]>, Vec<[f64; 3]>) =
        (rows_of(case.tensor("input")), rows_of(case.tensor("target")));
    let orders: Vec<_> = (0..EPOCHS).flat_map(|epoch| shuffled(inputs.len(), SEED, epoch as u64)).collect();
    assert_eq!(orders.iter().map(|row| *row as f64).collect::<Vec<_>>(), case.tensor("orders").values);
    let data = Dataset::new(&inputs, &targets).expect("as many of both");
    let mut fit = Fit::new(Sgd::new(0.1), Mse).epochs(EPOCHS).batch_size(5).seed(SEED).tile::<16>();
    fit = fit.validation(&data).average(average);
    let report = fit.run(network, &data).expect("the data are right");
    let found = report.history.get("val_loss").expect("it is validated");
    assert_close(found, &case.tensor("val_loss").values, 1e-9, &case.name);
}

golden_averages! {
    ema: "averages/ema", Plain, Average::ema(0.8);
    ema_batch_norm: "averages/ema_batch_norm", Normed, Average::ema(0.8);
    swa: "averages/swa", Plain, Average::swa(2);
    swa_batch_norm: "averages/swa_batch_norm", Normed, Average::swa(2);
}
