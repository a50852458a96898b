//! Runs that end with an error in their middle.

use nn_runtime::optim::StepError;
use nn_runtime::prelude::*;
use nn_runtime::train::SampleError;

use super::{Data, Line, Plain};

#[test]
fn a_step_that_is_refused_leaves_the_network_as_it_was_before() {
    let (mut inputs, targets): (Vec<[f32; 1]>, _) = ((0..40).map(|row| [row as f32 / 40.0]).collect(), [[1.0]; 40]);
    inputs[17] = [1e20];
    let data = Dataset::new(&inputs, &targets).expect("as many of both");
    let (mut network, mut last) = (Line::new(&mut rng(1)), None);
    // the step with the far input is the first that is not finite, and not the first of all
    let fit = Fit::new(Sgd::new(0.1), Mse).batch_size(4).seed(1);
    let mut fit = fit.on_step(|run: &mut AfterStep<Line, _>| last = Some((*run.network, run.step)));
    let error = fit.run(&mut network, &data).expect_err("a loss is infinite");
    drop(fit);
    let (before, steps) = last.expect("a step before");
    let FitError::Train(TrainError::Step { epoch: Some(1), step, error }) = error else { panic!("{error}") };
    assert!(
        matches!(error, StepError::Activation { .. } | StepError::Loss { .. } | StepError::Gradient { .. }),
        "{error}"
    );
    assert_eq!((step, network), (steps + 1, before));
}

#[test]
fn an_update_that_is_not_finite_leaves_the_network_of_the_beginning_of_the_epoch() {
    let data = Data::new(40);
    let (mut network, mut before) = (Plain::new(&mut rng(1)), None);
    let fit = Fit::new(Sgd::new(0.1), Mse).batch_size(10).epochs(4);
    let fit = fit.on_epoch(|run: &mut AfterEpoch<Plain, _>| before = Some(*run.network));
    let mut fit = fit.on_step(|run: &mut AfterStep<_, Sgd>| run.optimizer.lr = if run.step == 6 { 3e38 } else { 10.0 });
    let error = fit.run(&mut network, &data.values()).expect_err("a parameter is infinite");
    drop(fit);
    let FitError::Train(TrainError::Step { epoch: Some(2), step: 7, error }) = error else { panic!("{error}") };
    assert!(matches!(error, StepError::Parameter { .. }), "{error}");
    assert_eq!(Some(network), before);
}

#[test]
fn a_validation_that_is_not_finite_leaves_the_network_that_was_validated() {
    let train = Dataset::new(&[[1.0_f32]], &[[0.0]]).expect("one of both");
    let validation = Dataset::new(&[[1.0_f32], [3e38]], &[[0.0]; 2]).expect("as many of both");
    for average in [None, Some(Average::ema(0.5))] {
        let (mut network, mut seen, mut averaged) = (Line::ZERO, Line::ZERO, Line::ZERO);
        network.fc.bias[0] = 1.0;
        let mut fit = Fit::new(Sgd::new(0.1), Mse).batch_size(1).epochs(3).validation(&validation);
        if let Some(average) = average {
            fit = fit.average(average);
        }
        let mut fit = fit.on_step(|run: &mut AfterStep<Line, _>| {
            seen = *run.network;
            Average::ema(0.5).update(&mut averaged, run.network, run.step - 1);
        });
        let error = fit.run(&mut network, &train).expect_err("the loss is infinite");
        drop(fit);
        let FitError::Train(TrainError::Validation { epoch: Some(1), row: 1, error }) = error else {
            panic!("{error}")
        };
        assert!(matches!(error, SampleError::Loss { .. }), "{error}");
        assert_eq!(network, if average.is_some() { averaged } else { seen });
    }
}

#[test]
fn an_optimizer_that_a_callback_spoils_is_refused() {
    let (data, mut network, mut last) = (Data::new(40), Plain::new(&mut rng(1)), None);
    let mut fit = Fit::new(Sgd::new(0.1), Mse).batch_size(10).on_step(|run: &mut AfterStep<Plain, Sgd>| {
        last = Some(*run.network);
        run.optimizer.lr = if run.step == 6 { -1.0 } else { 0.1 };
    });
    let error = fit.run(&mut network, &data.values()).expect_err("a negative rate");
    drop(fit);
    assert_eq!(error.to_string(), "`lr` of `Sgd` is -1, but must be finite and at least 0");
    assert_eq!(Some(network), last);
}
