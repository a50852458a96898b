//! What training and evaluation refuse: values that are not finite, and options out of their range.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

#[path = "training/refused.rs"]
mod refused;

use nn_runtime::OptionError;
use nn_runtime::bytemuck::{self, Pod};
use nn_runtime::loss::{StepWeights, TargetError};
use nn_runtime::network::{Column, Parameters};
use nn_runtime::optim::StepError;
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;
use nn_runtime::train::SampleError;
use refused::train_error;

network! {
    struct Net: [2] -> [2] {
        norm: batch_norm1d,
        fc1: linear(3), tanh,
        fc2: linear(2),
    }
}

network! {
    struct Line: [1] -> [1] { fc: linear(1) }
}

network! {
    struct Chain: [1] -> [1] { first: linear(1, bias = false), second: linear(1, bias = false) }
}

const INPUTS: [[f32; 2]; 4] = [[0.0, 1.0], [2.0, -1.0], [0.5, 0.25], [1.0, 1.0]];
const CLASSES: [u8; 4] = [0, 1, 1, 0];

/// The inputs with one value exchanged.
fn inputs_with(row: usize, column: usize, value: f32) -> [[f32; 2]; 4] {
    let mut inputs = INPUTS;
    inputs[row][column] = value;
    inputs
}

/// Whether two values have the same bits, NaN included.
fn is_same<V: Pod>(a: &V, b: &V) -> bool {
    bytemuck::bytes_of(a) == bytemuck::bytes_of(b)
}

/// A callback of runs that train nothing.
fn no_epoch<P: Parameters, O>(_: &mut AfterEpoch<P, O>) {
    panic!("an epoch has passed")
}

/// A network, and the memory of its training after two steps.
fn trained() -> (Net, Box<Training<Net, Adam, 4>>) {
    let (mut network, mut training) = (Net::new(&mut rng(0)), Training::boxed());
    for _ in 0..2 {
        training.step(&mut network, &Adam::default(), &CrossEntropy, &INPUTS, &CLASSES).unwrap();
    }
    (network, training)
}

#[test]
fn an_input_that_is_not_finite_is_refused_everywhere() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let inputs = inputs_with(2, 1, value);
        let data = Dataset::new(&inputs, &CLASSES).unwrap();
        let good = Dataset::new(&INPUTS, &CLASSES).unwrap();
        let (mut network, mut training) = trained();
        let before = (network, training.state, training.steps);
        let fit = || Fit::new(Adam::default(), CrossEntropy).on_epoch(no_epoch);
        let mut room = [[0.0; 2]; 4];
        let errors = [
            training.step(&mut network, &Adam::default(), &CrossEntropy, &inputs, &CLASSES).map(drop),
            training.loss_and_gradient(&network, &CrossEntropy, &inputs, &CLASSES).map(drop),
            fit().run(&mut network, &data).map(drop).map_err(train_error),
            evaluate(&network, &CrossEntropy, &data).map(drop),
            confusion_matrix(&network, &data).map(drop),
            predict_batch(&network, &inputs).map(drop),
            Evaluator::<Net, 2>::boxed().predict(&network, &inputs, &mut room),
        ];
        for error in errors.map(Result::unwrap_err) {
            let TrainError::Sample {
                row: 2,
                error: SampleError::Input { column: Column { position: 1, .. }, value: found },
            } = error
            else {
                panic!("{error}")
            };
            assert_eq!(found.to_bits(), f64::from(value).to_bits());
            assert_eq!(
                error.to_string(),
                format!(
                    "sample 2: the input at position 1 is {value}, but must be finite; fill in a number, or leave the \
                     sample out"
                )
            );
        }
        let error = train_error(fit().validation(&data).run(&mut network, &good).unwrap_err());
        let TrainError::Validation {
            epoch: None,
            row: 2,
            error: SampleError::Input { column: Column { position: 1, .. }, .. },
        } = error
        else {
            panic!("{error}")
        };
        assert!(error.to_string().starts_with("validation, sample 2: the input at position 1"), "{error}");
        assert!(is_same(&network, &before.0) && is_same(&training.state, &before.1));
        assert_eq!(training.steps, before.2);
    }
}

#[test]
fn targets_of_the_validation_data_are_named_as_such() {
    let (train, validation) = (Dataset::new(&INPUTS, &CLASSES).unwrap(), Dataset::new(&INPUTS, &[0, 1, 1, 2]).unwrap());
    let mut network = Net::new(&mut rng(0));
    let mut fit = Fit::new(Adam::default(), CrossEntropy).validation(&validation);
    let error = fit.run(&mut network, &train).unwrap_err();
    let expected = SampleError::Target(TargetError::Class { step: 0, class: 2, classes: 2 });
    assert_eq!(train_error(error), TrainError::Validation { epoch: None, row: 3, error: expected });
}

#[test]
fn a_loss_that_is_not_finite_changes_nothing_and_training_goes_on() {
    let (mut network, mut training) = trained();
    let before = (network, training.state);
    let far = [[3e38_f32; 2]; 4];
    let error = training.step(&mut network, &Adam::default(), &Mse, &INPUTS, &far).unwrap_err();
    let TrainError::Step { epoch: None, step: 3, error: StepError::Loss { value } } = error else { panic!("{error}") };
    assert_eq!(value, f64::INFINITY);
    let expected =
        "step 3: the loss is inf, though the outputs of all stages are finite, so the network was not changed; ";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(training.loss_and_gradient(&network, &Mse, &INPUTS, &far).unwrap_err(), error);
    assert!(is_same(&network, &before.0) && is_same(&training.state, &before.1));
    // the same step as without the error
    let (mut other, mut other_training) = trained();
    for (network, training) in [(&mut network, &mut training), (&mut other, &mut other_training)] {
        training.step(network, &Adam::default(), &CrossEntropy, &INPUTS, &CLASSES).unwrap();
        assert_eq!(training.steps, 3);
    }
    assert!(is_same(&network, &other) && is_same(&training.state, &other_training.state));
}

/// A chain whose loss is finite on [`FAR`], and the gradient of whose first weight is not.
fn steep() -> Chain {
    let mut network = Chain::ZERO;
    network.second.weight[0] = 1e20;
    network
}

const FAR: [[f32; 1]; 1] = [[1e20]];

#[test]
fn a_gradient_that_is_not_finite_changes_nothing() {
    let mut network = steep();
    let mut training = Training::<Chain, Sgd, 4>::ZERO;
    let error = training.step(&mut network, &Sgd::new(0.1), &Mse, &FAR, &[[1.0]]).unwrap_err();
    let TrainError::Step { epoch: None, step: 1, error: expected @ StepError::Gradient { .. } } = error else {
        panic!("{error}")
    };
    assert_eq!(
        error.to_string(),
        "step 1: the gradient of parameter 0 (`first.weight`) is -inf, and the gradients of all stages behind it are finite, so \
         the network was not changed; use a lower learning rate, clip the gradient, or bring inputs and targets nearer to 0"
    );
    assert_eq!(training.loss_and_gradient(&network, &Mse, &FAR, &[[1.0]]), Err(error));
    assert_eq!(training.update(&mut network, &Sgd::new(0.1)), Err(error));
    assert_eq!((training.steps, network), (0, steep()));

    let data = Dataset::new(&FAR, &[[1.0]]).unwrap();
    // clipping does not make a finite gradient of an infinite one
    let fit = || Fit::new(Sgd::new(0.1), Mse).on_epoch(no_epoch);
    for mut fit in [fit(), fit().clip_value(1.0), fit().clip_norm(1.0), fit().gradient_accumulation_steps(2)] {
        let error = fit.run(&mut network, &data).unwrap_err();
        assert_eq!(train_error(error), TrainError::Step { epoch: Some(1), step: 1, error: expected });
        assert_eq!(network, steep());
    }
}

#[test]
fn a_gradient_that_was_edited_is_checked_with_running_statistics() {
    for position in 0..Net::ZERO.as_slice().len() {
        let (mut network, mut training) = trained();
        let before = (network, training.state);
        training.loss_and_gradient(&network, &CrossEntropy, &INPUTS, &CLASSES).unwrap();
        training.gradient.as_mut_slice()[position] = f32::NAN;
        let error = training.update(&mut network, &Adam::default()).unwrap_err();
        let TrainError::Step { step: 3, error: StepError::Gradient { place, .. }, .. } = error else {
            panic!("{error}")
        };
        let expected = ["norm", "fc1", "fc2"][usize::from(position >= 8) + usize::from(position >= 17)];
        assert_eq!((place.position, place.stage()), (position, Some(expected)));
        let is_state = (4..8).contains(&position);
        let whose = if is_state { "the change of running statistic" } else { "the gradient of parameter" };
        assert!(error.to_string().starts_with(&format!("step 3: {whose} {position} (`{expected}.")), "{error}");
        assert!(is_same(&network, &before.0) && is_same(&training.state, &before.1));
        assert_eq!(training.steps, 2);
    }
    // the forward pass comes before the backward pass, which begins at the last stage
    for (range, expected) in [(0..25, 4), (0..4, 3), (6..25, 6), (8..20, 19)] {
        let (mut network, mut training) = trained();
        training.loss_and_gradient(&network, &CrossEntropy, &INPUTS, &CLASSES).unwrap();
        training.gradient.as_mut_slice()[range].fill(f32::NAN);
        let error = training.update(&mut network, &Adam::default()).unwrap_err();
        let TrainError::Step { error: StepError::Gradient { place, .. }, .. } = error else { panic!("{error}") };
        assert_eq!(place.position, expected);
    }
}

#[test]
fn a_gradient_whose_square_overflows_is_refused_by_optimizers_that_square_it() {
    fn update<O: Optimizer<f32>>(optimizer: &O) -> Option<String> {
        let mut training = Training::<Line, O, 4>::boxed();
        training.gradient.as_mut_slice().copy_from_slice(&[1.0, 1e20]);
        let mut network = Line::ZERO;
        let updated = training.update(&mut network, optimizer);
        assert_eq!(updated.is_err(), network == Line::ZERO);
        updated.err().map(|error| error.to_string())
    }
    let error = "step 1: the gradient of parameter 1 (`fc.bias`) is 1.0e20, and its square, which the optimizer needs, is \
                 infinite, so the network was not changed; clip the gradient, or use a lower learning rate";
    let expected = Some(error.to_owned());
    assert_eq!(update(&Adam::default()), expected);
    assert_eq!(update(&AdamW::default()), expected);
    assert_eq!(update(&NAdam::default()), expected);
    assert_eq!(update(&RmsProp::default()), expected);
    assert_eq!(update(&RmsProp::default().momentum(0.9).centered()), expected);
    assert_eq!(update(&Adagrad::default()), expected);
    assert_eq!(update(&Groups::new(&Line::ZERO, Adam::default(), [("fc", Adam::new(0.1))]).unwrap()), expected);
    assert_eq!(update(&Sgd::new(0.1)), None);
    assert_eq!(update(&Sgd::new(0.1).momentum(0.9)), None);
    assert_eq!(update(&Lion::default()), None);
    // no optimizer squares the change of a running statistic
    let (mut network, mut training) = trained();
    training.gradient.norm.running_var[1] = 1e20;
    training.update(&mut network, &Adam::default()).unwrap();
}

#[test]
fn a_network_that_was_not_finite_before_the_step_is_named() {
    for value in [f32::NAN, f32::INFINITY] {
        for position in 0..Net::ZERO.as_slice().len() {
            let (mut network, mut training) = trained();
            network.as_mut_slice()[position] = value;
            let before = (network, training.state);
            let error = training.step(&mut network, &Adam::default(), &CrossEntropy, &INPUTS, &CLASSES).unwrap_err();
            let TrainError::Step { step: 3, error: StepError::Before { place, value: found }, .. } = error else {
                panic!("{position}: {error}")
            };
            assert_eq!((place.position, found.to_bits()), (position, f64::from(value).to_bits()));
            assert!(is_same(&network, &before.0) && is_same(&training.state, &before.1));
            assert_eq!(training.steps, 2);
        }
    }
    let (mut network, mut training) = trained();
    let mut step = |network: &mut Net| {
        training.step(network, &Adam::default(), &CrossEntropy, &INPUTS, &CLASSES).unwrap_err().to_string()
    };
    network.norm.running_mean[1] = f32::NAN;
    let was = "was NaN before the step, so the network was not changed; begin again from finite parameters";
    assert_eq!(step(&mut network), format!("step 3: running statistic 5 (`norm.running_mean`) {was}"));
    network.norm.running_mean[1] = 0.0;
    network.fc1.bias[0] = f32::NAN;
    assert_eq!(step(&mut network), format!("step 3: parameter 14 (`fc1.bias`) {was}"));
    let data = Dataset::new(&INPUTS, &CLASSES).unwrap();
    let error = Fit::new(Sgd::new(0.1), CrossEntropy).run(&mut network, &data).unwrap_err();
    assert_eq!(error.to_string(), format!("epoch 1, step 1: parameter 14 (`fc1.bias`) {was}"));
}

network! {
    struct Table: u8 [1] -> [1] { rows: embedding(3, 2), flatten, fc: linear(1) }
}

network! {
    struct Frozen: [1] -> [1] {
        #[frozen]
        old: linear(2),
        fc: linear(1),
    }
}

#[test]
fn a_parameter_that_the_loss_does_not_show_is_named() {
    let mut network = Table::new(&mut rng(0));
    network.rows.weight[0] = f32::NAN;
    let mut training = Training::<Table, Sgd, 1>::ZERO;
    let error = training.step(&mut network, &Sgd::new(0.1), &Mse, &[[1_u8]], &[[1.0]]).unwrap_err();
    assert!(error.to_string().starts_with("step 1: parameter 0 (`rows.weight`) was NaN before the step"), "{error}");
}

#[test]
fn a_frozen_parameter_that_is_not_finite_is_named() {
    let (mut network, mut frozen) = (Frozen::ZERO, FrozenFrozen::ZERO);
    frozen.old.bias[1] = f32::NAN;
    let mut training = Training::<Frozen, Sgd, 1>::ZERO;
    let error =
        training.step(&mut network.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &[[1.0]], &[[1.0]]).unwrap_err();
    let expected = "step 1: frozen parameter 3 (`old.bias`) was NaN before the step";
    assert!(error.to_string().starts_with(expected), "{error}");
}

network! {
    struct Between: [1] -> [1] { first: linear(1), #[frozen] old: linear(1), tanh, last: linear(1) }
}

#[test]
fn a_frozen_parameter_that_only_the_gradient_shows_is_named() {
    let (mut network, mut frozen) = (Between::ZERO, BetweenFrozen::ZERO);
    network.first.bias[0] = 1.0;
    network.last.weight[0] = 1.0;
    frozen.old.weight[0] = f32::INFINITY;
    let mut training = Training::<Between, Sgd, 1>::ZERO;
    let expected = "step 1: frozen parameter 0 (`old.weight`) was inf before the step";
    let error = training.step(&mut network.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &[[1.0]], &[[2.0]]);
    let error = error.unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
    let error = training.loss_and_gradient(&network.with_frozen(&frozen), &Mse, &[[1.0]], &[[2.0]]);
    let error = error.unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
    let data = Dataset::new(&[[1.0]], &[[2.0]]).unwrap();
    let fit = || Fit::new(Sgd::new(0.1), Mse);
    for mut fit in [fit(), fit().clip_norm(1.0), fit().gradient_accumulation_steps(2)] {
        let error = fit.run(&mut network.with_frozen_mut(&frozen), &data).unwrap_err().to_string();
        assert!(error.starts_with(&format!("epoch 1, {expected}")), "{error}");
    }
}

#[test]
fn a_parameter_that_the_update_makes_infinite_is_an_error() {
    let mut network = Line::ZERO;
    let mut training = Training::<Line, Sgd, 4>::ZERO;
    let error = training.step(&mut network, &Sgd::new(1e30), &Mse, &[[1e10]], &[[1e10]]).unwrap_err();
    assert!(matches!(error, TrainError::Step { step: 1, error: StepError::Parameter { .. }, .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "step 1: parameter 0 (`fc.weight`) is inf after the update; begin again from finite parameters, with a lower \
         learning rate"
    );
    assert_eq!(training.steps, 1);
    assert!(training.step(&mut Line::new(&mut rng(0)), &Sgd::new(1e-30), &Mse, &[[1e10]], &[[1e10]]).is_ok());
}

#[test]
fn fit_puts_the_network_back_if_an_update_makes_it_infinite() {
    let data = Dataset::new(&[[1e10_f32]], &[[1e10]]).unwrap();
    let before = Line::new(&mut rng(3));
    let mut network = before;
    let error = train_error(Fit::new(Sgd::new(1e30), Mse).run(&mut network, &data).unwrap_err());
    assert!(
        matches!(error, TrainError::Step { epoch: Some(1), step: 1, error: StepError::Parameter { .. } }),
        "{error}"
    );
    assert_eq!(network, before);
}

#[test]
fn a_remembered_value_that_overflows_is_an_error() {
    let mut network = Line::ZERO;
    let mut training = Training::<Line, Adagrad, 4>::ZERO;
    training.gradient.as_mut_slice()[1] = 1.5e19;
    training.update(&mut network, &Adagrad::default()).unwrap();
    let error = training.update(&mut network, &Adagrad::default()).unwrap_err();
    assert!(matches!(error, TrainError::Step { step: 2, error: StepError::State { .. }, .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "step 2: what the optimizer remembers of parameter 1 (`fc.bias`) is inf after the update; begin again with a state \
         of zeros, and with a lower learning rate or a clipped gradient"
    );
}

#[test]
fn divergence_ends_fit_with_the_epoch_and_leaves_finite_parameters() {
    let inputs: Vec<[f32; 1]> = (0..64).map(|row| [row as f32]).collect();
    let targets: Vec<[f32; 1]> = inputs.iter().map(|[x]| [3.0 * x + 1.0]).collect();
    let data = Dataset::new(&inputs, &targets).unwrap();
    let (mut network, mut epochs) = (Line::new(&mut rng(0)), 0);
    let mut fit = Fit::new(Sgd::new(1.0), Mse).epochs(100).on_epoch(|run| {
        assert!(run.results.loss.is_finite());
        epochs += 1;
    });
    let error = train_error(fit.run(&mut network, &data).expect_err("it diverges"));
    drop(fit);
    let TrainError::Step { epoch: Some(epoch), step, error } = error else { panic!("{error}") };
    assert!(
        matches!(error, StepError::Activation { .. } | StepError::Loss { .. } | StepError::Gradient { .. }),
        "{error}"
    );
    assert_eq!((epoch, step.div_ceil(2)), (epochs + 1, epoch as u64));
    assert!(network.as_slice().iter().all(|parameter| parameter.is_finite()));
}

#[test]
fn an_output_of_nan_is_no_class() {
    let mut network = Net::new(&mut rng(0));
    network.fc2.bias[1] = f32::NAN;
    let data = Dataset::new(&INPUTS, &CLASSES).unwrap();
    let expected = TrainError::Sample { row: 0, error: SampleError::Output { column: 1.into() } };
    assert_eq!(evaluate(&network, &CrossEntropy, &data), Err(expected));
    assert_eq!(confusion_matrix(&network, &data), Err(expected));
    assert_eq!(
        expected.to_string(),
        "sample 0: the network's output at position 1 is NaN; its parameters are not finite, or too large"
    );
    // which row it is, also past the first tile
    let mut line = Line::ZERO;
    line.fc.weight[0] = f32::INFINITY;
    let inputs = [[1.0], [-1.0], [2.0], [0.0], [2.0]];
    let data = Dataset::new(&inputs, &[0_u8; 5]).unwrap();
    let found = Evaluator::<Line, 2>::boxed().confusion_matrix(&line, &data);
    assert_eq!(found, Err(TrainError::Sample { row: 3, error: SampleError::Output { column: 0.into() } }));
    // infinite outputs can be compared
    assert!(Evaluator::<Line, 2>::boxed().confusion_matrix(&line, &data.split_at(3).unwrap().0).is_ok());
}

#[test]
fn a_loss_that_is_not_finite_ends_evaluation_with_its_row() {
    let inputs = [[1.0_f32], [1.0], [1.0], [3e38], [1.0]];
    let data = Dataset::new(&inputs, &[[0.0_f32]; 5]).unwrap();
    let mut network = Line::ZERO;
    network.fc.weight[0] = 1.0;
    let expected = TrainError::Sample { row: 3, error: SampleError::Loss { value: f64::INFINITY } };
    assert_eq!(Evaluator::<Line, 2>::boxed().evaluate(&network, &Mse, &data), Err(expected));
    assert_eq!(evaluate(&network, &Mse, &data), Err(expected));
    assert!(expected.to_string().starts_with("sample 3: the loss is inf; "), "{expected}");
    // in fit, after the epoch
    let train = Dataset::new(&[[1.0_f32]], &[[1.0]]).unwrap();
    let mut fit = Fit::new(Sgd::new(0.0), Mse).validation(&data).on_epoch(no_epoch);
    let error = train_error(fit.run(&mut network, &train).unwrap_err());
    let expected = SampleError::Loss { value: f64::INFINITY };
    assert_eq!(error, TrainError::Validation { epoch: Some(1), row: 3, error: expected });
    assert!(error.to_string().starts_with("validation after epoch 1, sample 3: the loss is inf"), "{error}");
}

#[test]
fn a_mini_batch_that_weighs_nothing_has_a_loss_and_a_gradient_of_zero() {
    let loss = CrossEntropy.class_weights(&[0.0, 1.0]);
    let (network, mut training) = trained();
    assert_eq!(training.loss_and_gradient(&network, &loss, &INPUTS, &[0_u8; 4]), Ok(0.0));
    assert!(training.gradient.fc2.weight.iter().chain(&training.gradient.fc1.weight).all(|gradient| *gradient == 0.0));
    let data = Dataset::new(&INPUTS, &[0_u8; 4]).unwrap();
    assert_eq!(evaluate(&network, &loss, &data).unwrap().loss, 0.0);
    // label smoothing has a share of the other classes too
    let smoothed = loss.label_smoothing(0.1);
    let (mut network, mut training) = trained();
    let sgd = Sgd::new(0.1);
    let mut by_sgd = Training::<Net, Sgd, 4>::boxed();
    assert_eq!(by_sgd.step(&mut network, &sgd, &smoothed, &INPUTS, &[0_u8; 4]), Ok(0.0));
    assert_eq!(training.loss_and_gradient(&network, &smoothed, &INPUTS, &[0_u8; 4]), Ok(0.0));
    assert_eq!(evaluate(&network, &smoothed, &data).unwrap().loss, 0.0);
    // what is not finite shows
    let mut line = Line::ZERO;
    let loss = Weighing { factor: 1.0, weight: |_| 0.0, loss: |_| f64::INFINITY };
    let error = Training::<Line, Sgd, 4>::boxed().step(&mut line, &sgd, &loss, &[[1.0]], &[1.0_f64]).unwrap_err();
    assert!(matches!(error, TrainError::Step { error: StepError::Loss { .. }, .. }), "{error}");
}

#[test]
fn weights_of_steps_have_bounds() {
    let mut line = Line::ZERO;
    let (loss, sgd) = (StepWeights(Mse), Sgd::new(0.1));
    let mut training = Training::<Line, Sgd, 4>::boxed();
    for weight in [-1.0_f32, f32::NAN, f32::INFINITY, 1e-45, 1e31] {
        let error = training.step(&mut line, &sgd, &loss, &[[1.0]], &[([1.0], [weight])]).unwrap_err();
        let expected = format!("the weight of step 0 is {}, but must be 0, or from 1e-30 to 1e30", f64::from(weight));
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
    assert_eq!(training.step(&mut line, &sgd, &loss, &[[1.0]], &[([1.0], [0.0])]), Ok(0.0));
    assert_eq!(line, Line::ZERO);
}

/// The error of training with an optimizer, which must be the same in every way of training, and changes nothing.
fn refused<O: Optimizer<f32> + Copy + Sync>(optimizer: O) -> OptionError {
    let before = Net::new(&mut rng(0));
    let mut network = before;
    let mut training = Training::<Net, O, 4>::boxed();
    let data = Dataset::new(&INPUTS, &CLASSES).unwrap();
    let errors = [
        training.step(&mut network, &optimizer, &CrossEntropy, &INPUTS, &CLASSES).map(drop),
        training.update(&mut network, &optimizer),
        Fit::new(optimizer, CrossEntropy).run(&mut network, &data).map(drop).map_err(train_error),
        nn_runtime::optim::update(&mut network, &Net::ZERO, &optimizer, &mut training.state, 1)
            .map_err(|error| if let StepError::Option(error) = error { error.into() } else { panic!("{error}") }),
    ];
    assert_eq!((network, training.steps), (before, 0));
    let errors = errors.map(|error| match error {
        Err(TrainError::Option(error)) => error,
        other => panic!("{other:?}"),
    });
    for error in &errors {
        assert_eq!(error.to_string(), errors[0].to_string());
    }
    errors[0]
}

fn check_refused<O: Optimizer<f32> + Copy + Sync>(owner: &str, option: &str, bad: &[f64], set: impl Fn(f64) -> O) {
    for &value in bad.iter().chain(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
        let error = refused(set(value));
        assert_eq!((error.owner, error.option, error.value.to_bits()), (owner, option, value.to_bits()), "{error}");
    }
}

#[test]
fn options_of_optimizers_out_of_their_range_are_refused() {
    macro_rules! check {
        ($($owner:literal: $($option:literal $bad:expr => $set:expr),*;)*) => {
            $($(check_refused($owner, $option, &$bad, $set);)*)*
        };
    }
    check! {
        "Sgd": "lr" [-0.1] => Sgd::new, "weight_decay" [-0.1] => |value| Sgd::new(0.1).weight_decay(value);
        "SgdMomentum":
            "lr" [-0.1] => |value| Sgd::new(value).momentum(0.9),
            "momentum" [-0.1] => |value| Sgd::new(0.1).momentum(value),
            "weight_decay" [-0.1] => |value| Sgd::new(0.1).momentum(0.9).weight_decay(value),
            "dampening" [] => |value| Sgd::new(0.1).momentum(0.9).dampening(value),
            "momentum" [0.0] => |value| Sgd::new(0.1).momentum(value).nesterov(true),
            "dampening" [0.1] => |value| Sgd::new(0.1).momentum(0.9).dampening(value).nesterov(true);
        "Adam":
            "lr" [-0.1] => Adam::new,
            "betas.0" [-0.1, 1.0] => |value| Adam::new(0.1).betas(value, 0.9),
            "betas.1" [-0.1, 1.0] => |value| Adam::new(0.1).betas(0.9, value),
            "eps" [-0.1] => |value| Adam::new(0.1).eps(value),
            "weight_decay" [-0.1] => |value| Adam::new(0.1).weight_decay(value);
        "AdamW":
            "lr" [-0.1] => AdamW::new,
            "betas.0" [-0.1, 1.0] => |value| AdamW::new(0.1).betas(value, 0.9),
            "betas.1" [-0.1, 1.0] => |value| AdamW::new(0.1).betas(0.9, value),
            "eps" [-0.1] => |value| AdamW::new(0.1).eps(value),
            "weight_decay" [-0.1] => |value| AdamW::new(0.1).weight_decay(value);
        "NAdam":
            "lr" [-0.1] => NAdam::new,
            "betas.0" [-0.1, 1.0] => |value| NAdam::new(0.1).betas(value, 0.9),
            "betas.1" [-0.1, 1.0] => |value| NAdam::new(0.1).betas(0.9, value),
            "eps" [-0.1] => |value| NAdam::new(0.1).eps(value),
            "weight_decay" [-0.1] => |value| NAdam::new(0.1).weight_decay(value),
            "momentum_decay" [-0.1] => |value| NAdam::new(0.1).momentum_decay(value);
        "RmsProp":
            "lr" [-0.1] => RmsProp::new,
            "alpha" [-0.1, 1.1] => |value| RmsProp::new(0.1).alpha(value),
            "eps" [-0.1] => |value| RmsProp::new(0.1).eps(value).centered(),
            "weight_decay" [-0.1] => |value| RmsProp::new(0.1).weight_decay(value);
        "RmsPropMomentum":
            "momentum" [-0.1] => |value| RmsProp::new(0.1).momentum(value),
            "alpha" [-0.1, 1.1] => |value| RmsProp::new(0.1).momentum(0.9).alpha(value).centered();
        "Adagrad":
            "lr" [-0.1] => Adagrad::new,
            "lr_decay" [-0.1] => |value| Adagrad::new(0.1).lr_decay(value),
            "weight_decay" [-0.1] => |value| Adagrad::new(0.1).weight_decay(value),
            "initial_accumulator_value" [-0.1] => |value| Adagrad::new(0.1).initial_accumulator_value(value),
            "eps" [-0.1] => |value| Adagrad::new(0.1).eps(value);
        "Lion":
            "lr" [-0.1] => Lion::new,
            "betas.0" [-0.1, 1.0] => |value| Lion::new(0.1).betas(value, 0.9),
            "betas.1" [-0.1, 1.0] => |value| Lion::new(0.1).betas(0.9, value),
            "weight_decay" [-0.1] => |value| Lion::new(0.1).weight_decay(value);
    }
    let groups = |base, fc2| Groups::new(&Net::ZERO, Adam::new(base), [("fc2", Adam::new(fc2))]).unwrap();
    check_refused("Adam", "lr", &[-1.0], |value| groups(value, 0.1));
    check_refused("Adam", "lr", &[-1.0], |value| groups(0.1, value));
    assert_eq!(refused(Adam::new(f64::NAN)).to_string(), "`lr` of `Adam` is NaN, but must be finite and at least 0");
}

#[test]
fn options_are_checked_as_the_network_rounds_them() {
    for error in [
        refused(Sgd::new(1e300)),
        refused(Adam::new(0.1).eps(1e39)),
        refused(Adam::new(0.1).betas(0.9, 1.0 - 1e-12)),
        refused(RmsProp::new(0.1).momentum(1e39)),
        refused(Sgd::new(0.1).momentum(0.5).dampening(-1e39)),
    ] {
        assert!(error.allowed.ends_with(", also as an `f32`"), "{error}");
    }
    assert_eq!(refused(Sgd::new(1e300)).allowed, "finite and at least 0, also as an `f32`");
    assert!(nn_runtime::optim::clip_norm(&mut Net::new(&mut rng(0)), 1e-50).is_ok(), "the norm is clipped in `f64`");
    assert!(nn_runtime::optim::clip_value(&mut Net::new(&mut rng(0)), 1e-50).is_err());
    // a schedule may bring a learning rate to 0
    let (mut network, mut training) = (Net::new(&mut rng(0)), Training::<Net, Sgd, 4>::boxed());
    assert!(training.step(&mut network, &Sgd::new(1e-50), &CrossEntropy, &INPUTS, &CLASSES).is_ok());
}

#[test]
fn options_at_the_border_of_their_range_are_taken() {
    fn taken<O: Optimizer<f32>>(optimizer: &O) {
        let mut network = Net::new(&mut rng(0));
        let mut training = Training::<Net, O, 4>::boxed();
        training.step(&mut network, optimizer, &CrossEntropy, &INPUTS, &CLASSES).unwrap();
    }
    taken(&Sgd::new(0.0));
    taken(&Sgd::new(0.1).momentum(0.0));
    taken(&Sgd::new(0.1).momentum(1.5).dampening(-0.5));
    taken(&Sgd::new(0.1).momentum(0.5).nesterov(true));
    taken(&Adam::new(0.0).betas(0.0, 0.0));
    taken(&AdamW::new(0.1).weight_decay(0.0));
    taken(&NAdam::new(0.1).momentum_decay(0.0));
    taken(&RmsProp::new(0.1).alpha(0.0).momentum(0.0));
    taken(&Adagrad::new(0.1).lr_decay(0.0));
    taken(&Lion::new(0.0).betas(0.0, 0.0));
}

#[test]
fn options_of_fit_out_of_their_range_are_refused() {
    let data = Dataset::new(&INPUTS, &CLASSES).unwrap();
    let before = Net::new(&mut rng(0));
    let mut network = before;
    let fit = || Fit::new(Adam::default(), CrossEntropy);
    let mut refused = |mut fit: Fit<_, _, _, _>| fit.run(&mut network, &data).unwrap_err().to_string();
    assert_eq!(refused(fit().epochs(0)), "`epochs` of `Fit` is 0, but must be at least 1");
    let error = refused(fit().gradient_accumulation_steps(0));
    assert_eq!(error, "`gradient_accumulation_steps` of `Fit` is 0, but must be at least 1");
    let error = refused(fit().batch_size(5).drop_last());
    assert!(error.starts_with("`batch_size` of `Fit` is 5, but must be at most the number of samples"), "{error}");
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let must = "but must be finite and more than 0";
        assert_eq!(refused(fit().clip_norm(value)), format!("`clip_norm` of `Fit` is {value}, {must}"));
        assert_eq!(refused(fit().clip_value(value)), format!("`clip_value` of `Fit` is {value}, {must}"));
    }
    for value in [-0.1, f64::NAN] {
        let error = refused(fit().early_stopping(EarlyStopping::new().min_delta(value)));
        assert!(error.starts_with(&format!("`min_delta` of `EarlyStopping` is {value}, but must be")), "{error}");
    }
    for value in [-0.1, 1.1, f64::NAN] {
        let error = refused(fit().average(Average::ema(value)));
        assert_eq!(error, format!("`decay` of `Average::ema` is {value}, but must be from 0 to 1"));
    }
    let error = refused(fit().average(Average::swa(0)));
    assert_eq!(error, "`from_epoch` of `Average::swa` is 0, but must be at least 1");
    let error = refused(fit().schedule(schedule::Exponential::new(-1.0)));
    assert!(error.contains("of `schedule::Exponential` is -1, but must be"), "{error}");
    assert_eq!(network, before);
}

/// A loss with an option. Weight and weighted loss of a sample are functions of its target.
#[derive(Clone, Copy)]
struct Weighing {
    factor: f64,
    weight: fn(f64) -> f64,
    loss: fn(f64) -> f64,
}

impl<T: Scalar> Loss<f64, [T; 1], T> for Weighing {
    fn check_options(&self) -> Result<(), OptionError> {
        let value = self.factor;
        let error = OptionError { owner: "Weighing", option: "factor", value, allowed: "at most 4" };
        if value <= 4.0 { Ok(()) } else { Err(error) }
    }

    fn check(&self, _target: &f64) -> Result<(), TargetError> {
        Ok(())
    }

    fn weight(&self, target: &f64) -> T {
        T::from_f64((self.weight)(*target))
    }

    fn loss<I: nn_runtime::kernels::Isa, const BATCH: usize>(
        &self,
        _isa: I,
        _output: &SMatrix<T, BATCH, 1>,
        targets: &[&f64],
    ) -> T {
        targets.iter().map(|target| T::from_f64(self.factor * (self.loss)(**target))).sum()
    }

    fn loss_and_gradient<I: nn_runtime::kernels::Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, 1>,
        targets: &[&f64],
        _scale: T,
    ) -> T {
        let loss = self.loss(isa, output_then_grad, targets);
        output_then_grad.fill(T::ZERO);
        loss
    }
}

#[test]
fn a_weight_of_a_sample_is_finite_and_not_negative() {
    let inputs = [[1.0_f32], [2.0]];
    let loss = Weighing { factor: 1.0, weight: |target| target, loss: |_| 1.0 };
    for weight in [f64::NAN, f64::INFINITY, -1.0] {
        let targets = [1.0, weight];
        let data = Dataset::new(&inputs, &targets).unwrap();
        let mut network = Line::ZERO;
        let mut training = Training::<Line, Sgd, 4>::ZERO;
        let errors = [
            training.step(&mut network, &Sgd::new(0.1), &loss, &inputs, &targets).map(drop),
            Fit::new(Sgd::new(0.1), loss).on_epoch(no_epoch).run(&mut network, &data).map(drop).map_err(train_error),
            evaluate(&network, &loss, &data).map(drop),
        ];
        for error in errors.map(Result::unwrap_err) {
            let expected = format!("sample 1: the loss weighs it {weight}, but a weight must be finite and at least 0");
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[test]
fn options_of_a_loss_are_checked_before_training_and_evaluation() {
    let (inputs, targets) = ([[1.0_f32], [2.0]], [1.0_f64, 1.0]);
    let data = Dataset::new(&inputs, &targets).unwrap();
    let mut network = Line::ZERO;
    let mut training = Training::<Line, Sgd, 4>::ZERO;
    let loss = || Weighing { factor: 5.0, weight: |_| 1.0, loss: |_| 1.0 };
    let errors = [
        training.step(&mut network, &Sgd::new(0.1), &loss(), &inputs, &targets).map(drop),
        training.loss_and_gradient(&network, &loss(), &inputs, &targets).map(drop),
        Fit::new(Sgd::new(0.1), loss()).on_epoch(no_epoch).run(&mut network, &data).map(drop).map_err(train_error),
        evaluate(&network, &loss(), &data).map(drop),
    ];
    for error in errors.map(Result::unwrap_err) {
        assert_eq!(error.to_string(), "`factor` of `Weighing` is 5, but must be at most 4");
    }
}

#[test]
fn samples_are_counted_and_summed_in_double_precision() {
    // in `f32`, 2^24 + 1 is 2^24: the samples after the first would count nothing
    let first = f64::from(1 << 24);
    let targets = [first, 1.0, 1.0, 1.0, 1.0];
    let inputs = [[0.0_f32]; 5];
    let data = Dataset::new(&inputs, &targets).unwrap();
    let only_first = |target: f64| if target > 1.0 { target } else { 0.0 };
    let of_weights = (Weighing { factor: 1.0, weight: |target| target, loss: only_first }, first / (first + 4.0));
    let of_losses = (Weighing { factor: 1.0, weight: |_| 1.0, loss: |target| target }, (first + 4.0) / 5.0);
    for (loss, expected) in [of_weights, of_losses] {
        let mut network = Line::ZERO;
        let mut training = Training::<Line, Sgd, 1>::ZERO;
        let mean = training.step(&mut network, &Sgd::new(0.1), &loss, &inputs, &targets);
        assert_eq!(mean, Ok(expected as f32));
        let found = Evaluator::<Line, 1>::boxed().evaluate(&network, &loss, &data).unwrap();
        assert_eq!((found.loss, found.samples), (expected, 5));
        let fit = Fit::new(Sgd::new(0.1), loss).epochs(1).batch_size(1).tile::<1>();
        let history = fit.validation(&data).run(&mut network, &data).unwrap().history;
        let trained = history.last("loss").unwrap();
        assert!((trained / expected - 1.0).abs() < 1e-12, "{trained}");
        assert_eq!(history.last("val_loss"), Some(expected));
    }
}

#[test]
fn clipping_neither_hides_nor_loses_a_gradient() {
    let gradient = |values: [f32; 2]| {
        let mut gradient = Line::ZERO;
        gradient.as_mut_slice().copy_from_slice(&values);
        gradient
    };
    // squares that overflow
    let mut large = gradient([3e30, -4e30]);
    let norm = clip_norm(&mut large, 1.0).unwrap();
    assert!((norm / 5e30 - 1.0).abs() < 1e-6, "{norm}");
    assert!((large.as_slice()[0] - 0.6).abs() < 1e-6 && (large.as_slice()[1] + 0.8).abs() < 1e-6, "{large:?}");
    // squares that underflow, all or some; those of 1e-21 are subnormal numbers of two digits
    for scale in [1e-19_f32, 1e-21, 1e-25, 1e-37, 1e-42] {
        let mut small = gradient([3.0 * scale, -4.0 * scale]);
        let values = [small.as_slice()[0], small.as_slice()[1]].map(f64::from);
        let exact = values[0].hypot(values[1]);
        let norm = clip_norm(&mut small, 1.0).unwrap();
        assert!((norm / exact - 1.0).abs() < 1e-6, "{norm} instead of {exact}");
        assert_eq!(small, gradient([3.0 * scale, -4.0 * scale]), "it is below the largest norm");
    }
    assert_eq!(clip_norm(&mut gradient([0.0, 0.0]), 1.0), Ok(0.0));
    // a factor that an `f32` cannot hold, for values that it can
    let mut far = gradient([3e30, -4e30]);
    clip_norm(&mut far, 1e-20).unwrap();
    assert!(
        (far.as_slice()[0] / 0.6e-20 - 1.0).abs() < 1e-6 && (far.as_slice()[1] / -0.8e-20 - 1.0).abs() < 1e-6,
        "{far:?}"
    );
    // what is not finite stays for the update to refuse
    for (bad, norm) in [(f32::NAN, f64::NAN), (f32::INFINITY, f64::INFINITY), (f32::NEG_INFINITY, f64::INFINITY)] {
        for values in [[bad, 4.0], [4.0, bad]] {
            let (mut clipped, before) = (gradient(values), gradient(values));
            assert_eq!(clip_norm(&mut clipped, 1.0).unwrap().to_bits(), norm.to_bits());
            assert!(is_same(&clipped, &before));
        }
    }
    for max in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let (mut clipped, before) = (gradient([3.0, 4.0]), gradient([3.0, 4.0]));
        let error = clip_norm(&mut clipped, max).unwrap_err();
        assert_eq!((error.owner, error.option, error.value.to_bits()), ("clip_norm", "max", max.to_bits()));
        assert_eq!(clip_value(&mut clipped, max).unwrap_err().owner, "clip_value");
        assert_eq!(clipped, before);
    }
}
