//! An update by the gradients of several mini-batches.

use nn_runtime::loss::Scaled;
use nn_runtime::optim::StepError;
use nn_runtime::prelude::*;
use nn_runtime::train::shuffled;

use super::{Data, Dropping, Normed, assert_near, pick};

const EPOCHS: usize = 5;

/// The network after a run with mini-batches of `batch_size`, so many of which make an update; and the report.
fn trained(batch_size: usize, mini_batches: usize) -> (Dropping, nn_runtime::train::FitReport) {
    let (data, mut network) = (Data::new(90), Dropping::new(&mut rng(1)));
    let fit = Fit::new(Adam::new(0.01), Mse).epochs(EPOCHS).batch_size(batch_size).seed(3);
    let report = fit.gradient_accumulation_steps(mini_batches).run(&mut network, &data.values());
    (network, report.expect("the data are right"))
}

#[test]
fn of_whole_tiles_has_the_bits_of_a_large_mini_batch() {
    assert_eq!(trained(32, 2), trained(64, 1));
    assert_eq!(trained(64, 2), trained(128, 1));
    assert_ne!(trained(32, 2).0, trained(32, 1).0);
}

#[test]
fn of_any_mini_batches_is_that_of_a_large_one() {
    for (batch_size, mini_batches) in [(20, 3), (1, 8), (7, 5), (33, 2), (50, 2)] {
        let (network, report) = trained(batch_size, mini_batches);
        let (expected, expected_report) = trained(batch_size * mini_batches, 1);
        assert_eq!(report.steps, expected_report.steps);
        assert_near(network.as_slice(), expected.as_slice(), 1e-6);
        let [loss, expected] = [report, expected_report].map(|report| report.history.last("loss").expect("an epoch"));
        assert!((loss / expected - 1.0).abs() < 1e-6, "{loss}, expected {expected}");
    }
}

#[test]
fn samples_have_the_weights_that_they_have_in_a_large_mini_batch() {
    let (data, loss) = (Data::new(90), CrossEntropy.class_weights(&[1.0, 5.0, 0.2, 0.0]));
    let trained = |batch_size, mini_batches| {
        let mut network = Dropping::new(&mut rng(1));
        let fit = Fit::new(Sgd::new(0.5), loss).epochs(EPOCHS).batch_size(batch_size);
        fit.gradient_accumulation_steps(mini_batches).run(&mut network, &data.classes()).expect("the data are right");
        network
    };
    assert_near(trained(9, 5).as_slice(), trained(45, 1).as_slice(), 1e-6);
}

#[test]
fn with_batch_normalisation_is_that_of_the_loop() {
    let data = Data::new(46);
    let data = data.values();
    let optimizer = Sgd::new(0.1).momentum(0.9);
    let mut network = Normed::new(&mut rng(1));
    let fit = Fit::new(optimizer, Mse).epochs(EPOCHS).batch_size(10).gradient_accumulation_steps(2).seed(3);
    let report = fit.tile::<16>().run(&mut network, &data).expect("the data are right");

    let mut expected = Normed::new(&mut rng(1));
    let mut training = Training::<Normed, _, 16>::boxed();
    for epoch in 0..EPOCHS {
        for rows in shuffled(data.len(), 3, epoch as u64).chunks(20) {
            training.gradient = Normed::ZERO;
            for part in rows.chunks(10) {
                let (inputs, targets) = pick(&data, part);
                let loss = Scaled::new(Mse, part.len() as f64 / rows.len() as f64);
                training.accumulate_gradient(&expected, &loss, &inputs, &targets).expect("the data are right");
                // the running statistics change after each mini-batch, as PyTorch's
                let change = &mut training.gradient.norm;
                for (statistic, change) in expected.norm.running_mean.iter_mut().zip(&mut change.running_mean) {
                    *statistic += std::mem::take(change);
                }
                for (statistic, change) in expected.norm.running_var.iter_mut().zip(&mut change.running_var) {
                    *statistic += std::mem::take(change);
                }
            }
            training.update(&mut expected, &optimizer).expect("the gradient is finite");
        }
    }
    assert_eq!(report.steps, training.steps);
    assert_near(network.as_slice(), expected.as_slice(), 1e-5);
    let statistics = network.norm.running_var;
    assert!(statistics.iter().all(|var| (var - 1.0).abs() > 1e-3), "{statistics}");
}

/// The first mini-batches of an update change the running statistics before a later one is refused.
#[test]
fn an_update_that_is_refused_leaves_the_statistics_too() {
    let mut data = Data::new(16);
    data.targets[5] = [3e38; 4];
    let mini_batch = |seed| shuffled(16, seed, 0).iter().position(|row| *row == 5).expect("it is one of the rows") / 4;
    let mini_batches: std::collections::BTreeSet<_> = (0..16).map(mini_batch).collect();
    assert_eq!(mini_batches.len(), 4, "the sample is in either mini-batch of either step");
    for seed in 0..16 {
        let mut before = Normed::new(&mut rng(1));
        let mut network = before;
        let fit = Fit::new(Sgd::new(0.1), Mse).batch_size(4).gradient_accumulation_steps(2).seed(seed).tile::<4>();
        let mut fit = fit.on_step(|run: &mut AfterStep<Normed, _>| before = *run.network);
        let error = fit.run(&mut network, &data.values()).expect_err("the loss is infinite");
        drop(fit);
        let FitError::Train(TrainError::Step { epoch: Some(1), step, error }) = error else { panic!("{error}") };
        assert_eq!(step, mini_batch(seed) as u64 / 2 + 1);
        assert!(matches!(error, StepError::Activation { .. } | StepError::Loss { .. }), "{error}");
        assert_eq!(network, before);
    }
}

/// A variance that is infinite, of values whose normalised ones are finite.
#[test]
fn statistics_that_are_not_finite_are_refused() {
    network! { struct Far: [1] -> [1] { norm: batch_norm1d, fc: linear(1) } }

    let inputs = [[1.0_f32], [2.0], [3e38], [-3e38]];
    let data = Dataset::new(&inputs, &[[0.0]; 4]).expect("as many of both");
    for mini_batches in [1, 2] {
        let before = Far::new(&mut rng(1));
        let mut network = before;
        let mut fit =
            Fit::new(Sgd::new(0.1), Mse).batch_size(4 / mini_batches).gradient_accumulation_steps(mini_batches);
        let error = fit.run(&mut network, &data).expect_err("the variance is infinite").to_string();
        let expected = "epoch 1, step 1: the change of running statistic 3 (`norm.running_var`) is inf";
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(network, before);
    }
}
