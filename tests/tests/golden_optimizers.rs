//! Each optimizer against PyTorch: ten losses of a small network, and its parameters after ten steps.

use nn_runtime::loss::{Loss, Mse};
use nn_runtime::network;
use nn_runtime::network::Trainable as _;
use nn_runtime::optim::{Adagrad, Adam, AdamW, Lion, NAdam, Optimizer, RmsProp, Sgd, clip_value};
use nn_runtime::train::Training;
use nn_tests::{Case, Golden, Run, check_run, load, rows_of, train};

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

fn check<N: Golden>(name: &str, optimizer: &impl Optimizer<N::Scalar>, max_norm: Option<f64>)
where
    Mse: Loss<N::Output, N::Output, N::Scalar>,
{
    let case = Case::read(name);
    let mut network = load::<N>(&case, "parameter.");
    let (inputs, targets) = (rows_of(case.tensor("input")), rows_of(case.tensor("target")));
    let run = train(&mut *network, optimizer, &Mse, max_norm, (&inputs, &targets), 10);
    check_run(&case, &*network, &run);
}

/// `name: "file", the optimizer, the norm that gradients are clipped to`
macro_rules! golden_optimizer {
    ($($name:ident: $case:literal, $optimizer:expr, $max_norm:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn agrees_in_f64() {
                check::<Double>($case, &$optimizer, $max_norm);
            }

            #[test]
            fn agrees_in_f32() {
                check::<Single>($case, &$optimizer, $max_norm);
            }
        }
    )*};
}

golden_optimizer! {
    sgd: "sgd/plain", Sgd::new(0.1), None;
    sgd_momentum: "sgd/momentum", Sgd::new(0.05).momentum(0.9), None;
    sgd_dampening: "sgd/dampening", Sgd::new(0.05).momentum(0.9).dampening(0.25), None;
    sgd_nesterov: "sgd/nesterov", Sgd::new(0.05).momentum(0.9).nesterov(true), None;
    sgd_weight_decay: "sgd/weight_decay", Sgd::new(0.05).momentum(0.9).weight_decay(0.1), None;
    sgd_decay_alone: "sgd/decay_alone", Sgd::new(0.1).weight_decay(0.1), None;
    sgd_clipped: "sgd/clipped", Sgd::new(0.1), Some(0.25);
    adam: "adam/default", Adam::new(0.02), None;
    adam_options: "adam/options", Adam::new(0.02).betas(0.8, 0.95).eps(1e-6).weight_decay(0.1), None;
    adam_clipped: "adam/clipped", Adam::new(0.02), Some(0.25);
    adamw: "adamw/default", AdamW::new(0.02), None;
    adamw_weight_decay: "adamw/weight_decay", AdamW::new(0.02).weight_decay(0.3), None;
    rms_prop: "rms_prop/default", RmsProp::new(0.01), None;
    rms_prop_options: "rms_prop/options", RmsProp::new(0.02).alpha(0.9).eps(1e-4).weight_decay(0.1), None;
    rms_prop_momentum: "rms_prop/momentum", RmsProp::new(0.002).momentum(0.9).weight_decay(0.1), None;
    rms_prop_centered: "rms_prop/centered", RmsProp::new(0.005).alpha(0.9).eps(1e-3).centered(), None;
    rms_prop_centered_momentum: "rms_prop/centered_momentum",
        RmsProp::new(0.002).momentum(0.8).centered().alpha(0.95).eps(1e-3).weight_decay(0.1), None;
    adagrad: "adagrad/default", Adagrad::new(0.05), None;
    adagrad_options: "adagrad/options",
        Adagrad::new(0.1).lr_decay(0.2).weight_decay(0.1).initial_accumulator_value(0.05).eps(1e-4), None;
    nadam: "nadam/default", NAdam::new(0.02), None;
    nadam_options: "nadam/options",
        NAdam::new(0.02).betas(0.8, 0.95).eps(1e-6).weight_decay(0.1).momentum_decay(0.05), None;
    nadam_decoupled: "nadam/decoupled", NAdam::new(0.02).weight_decay(0.3).decoupled_weight_decay(true), None;
    lion: "lion/default", Lion::new(0.02), None;
    lion_options: "lion/options", Lion::new(0.01).betas(0.8, 0.95).weight_decay(0.3), None;
}

#[test]
fn gradients_clipped_by_value_agree() {
    let case = Case::read("sgd/clipped_by_value");
    let mut network = load::<Double>(&case, "parameter.");
    let (inputs, targets) = (rows_of::<[f64; 4]>(case.tensor("input")), rows_of::<[f64; 3]>(case.tensor("target")));
    let mut training = Training::<Double, Sgd, 4>::ZERO;
    let mut run = Run { losses: Vec::new(), norms: Vec::new() };
    for _ in 0..10 {
        run.losses.push(training.loss_and_gradient(&network, &Mse, &inputs, &targets).unwrap());
        clip_value(&mut training.gradient, 0.03125).unwrap();
        training.update(&mut *network, &Sgd::new(0.1)).unwrap();
    }
    check_run(&case, &*network, &run);
}

network! {
    struct Normalised: f64 [2] -> [2] { batch_norm1d }
}

#[test]
fn only_what_is_trained_is_clipped_by_value() {
    let mut gradient = Normalised::ZERO;
    gradient.as_mut_slice().copy_from_slice(&[-3.0, 0.5, f64::NAN, 2.0, 7.0, 8.0, -9.0, 10.0]);
    clip_value(&mut gradient, 1.0).unwrap();
    let clipped = gradient.as_slice();
    assert_eq!(clipped[..2], [-1.0, 0.5]);
    assert!(clipped[2].is_nan());
    assert_eq!(clipped[3..], [1.0, 7.0, 8.0, -9.0, 10.0]);
}
