//! Each optimizer against PyTorch: ten losses of a small network, and its parameters after ten steps.

use nn_runtime::loss::{Loss, Mse};
use nn_runtime::network;
use nn_runtime::network::Network;
use nn_runtime::optim::{Adam, AdamW, Optimizer, Sgd};
use nn_tests::{Case, Parameters, Precision, Value, assert_close, load, parameters, rows_of, tensors_of, train};

network! {
    struct Single: [4] -> [3] {
        fc1: linear(6), tanh,
        fc2: linear(3),
    }

    struct Double: f64 [4] -> [3] {
        fc1: linear(6), tanh,
        fc2: linear(3),
    }
}

parameters!(Single, f32, [fc1.weight, fc1.bias, fc2.weight, fc2.bias]);
parameters!(Double, f64, [fc1.weight, fc1.bias, fc2.weight, fc2.bias]);

fn check<N, T, O>(name: &str, optimizer: &O, max_norm: Option<f64>)
where
    N: Network<4, 3, Scalar = T, Input = T, Frozen = ()> + Parameters<Scalar = T>,
    T: Precision + Value,
    O: Optimizer<T>,
    Mse: Loss<[T; 3], T, 3>,
{
    let case = Case::read(name);
    let what = |tensor: &str| format!("{name}: {tensor}, {}", std::any::type_name::<T>());
    let mut network = load::<N, 4, 3>(&case, "parameter.");
    let (inputs, targets) = (rows_of(case.tensor("input")), rows_of::<T, 3>(case.tensor("target")));
    let run = train(&mut *network, optimizer, &Mse, max_norm, (&inputs, &targets), 10);
    assert_close(&run.losses, &case.tensor("losses").values, T::GOLDEN, &what("losses"));
    if let Some(norms) = case.find("norms") {
        assert_close(&run.norms, &norms.values, T::GOLDEN, &what("norms"));
    }
    for (tensor, values) in tensors_of(&mut *network, &case, "final.") {
        assert_close(&values, &tensor.values, T::GOLDEN, &what(&tensor.name));
    }
}

/// `name: "file", the optimizer, the norm that gradients are clipped to`
macro_rules! golden_optimizer {
    ($($name:ident: $case:literal, $optimizer:expr, $max_norm:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn agrees_in_f64() {
                check::<Double, _, _>($case, &$optimizer, $max_norm);
            }

            #[test]
            fn agrees_in_f32() {
                check::<Single, _, _>($case, &$optimizer, $max_norm);
            }
        }
    )*};
}

golden_optimizer! {
    sgd: "sgd/plain", Sgd::new(0.1), None;
    sgd_momentum: "sgd/momentum", Sgd::new(0.05).momentum(0.9), None;
    sgd_nesterov: "sgd/nesterov", Sgd::new(0.05).momentum(0.9).nesterov(true), None;
    sgd_weight_decay: "sgd/weight_decay", Sgd::new(0.05).momentum(0.9).weight_decay(0.1), None;
    sgd_decay_alone: "sgd/decay_alone", Sgd::new(0.1).weight_decay(0.1), None;
    sgd_clipped: "sgd/clipped", Sgd::new(0.1), Some(0.25);
    adam: "adam/default", Adam::new(0.02), None;
    adam_options: "adam/options", Adam::new(0.02).betas(0.8, 0.95).eps(1e-6).weight_decay(0.1), None;
    adam_clipped: "adam/clipped", Adam::new(0.02), Some(0.25);
    adamw: "adamw/default", AdamW::new(0.02), None;
    adamw_weight_decay: "adamw/weight_decay", AdamW::new(0.02).weight_decay(0.3), None;
}
