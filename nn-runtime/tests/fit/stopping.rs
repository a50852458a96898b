//! When a run ends, and with which network.

use nn_runtime::prelude::*;
use nn_runtime::train::Ended;

use super::{Data, Line, Passing, Plain};

/// The networks that are validated in 6 epochs, and the values of the validation.
fn epochs() -> (Vec<Line>, Vec<f64>) {
    let (data, mut network, mut networks) = (Passing::NEW, Passing::network(), Vec::new());
    let mut fit = Fit::new(Sgd::new(0.1), Mse).epochs(6).validation(&data.validation());
    fit = fit.on_epoch(|run| networks.push(*run.network));
    let report = fit.run(&mut network, &data.train()).expect("the data are right");
    drop(fit);
    assert_eq!((report.ended, report.monitor.as_str()), (Ended::Complete, "val_loss"));
    (networks, report.history.get("val_loss").expect("it is validated").to_vec())
}

#[test]
fn a_run_ends_if_it_does_not_improve() {
    let (networks, values) = epochs();
    assert!(values[..3].is_sorted_by(|a, b| a > b) && values[2..].is_sorted_by(|a, b| a < b), "{values:?}");
    let data = Passing::NEW;
    for (patience, epochs) in [(0, 4), (1, 4), (2, 5), (3, 6)] {
        let stopping = EarlyStopping::new().patience(patience);
        for (stopping, is_restored) in [(stopping, false), (stopping.restore_best(), true)] {
            let mut network = Passing::network();
            let mut fit = Fit::new(Sgd::new(0.1), Mse).epochs(20).validation(&data.validation());
            fit = fit.early_stopping(stopping);
            let report = fit.run(&mut network, &data.train()).expect("the data are right");
            assert_eq!((report.epochs, report.steps, report.ended), (epochs, epochs as u64, Ended::EarlyStopping));
            assert_eq!((report.best, report.is_best_restored), (Some((3, values[2])), is_restored));
            assert_eq!(network, networks[if is_restored { 2 } else { epochs - 1 }]);
            assert_eq!(report.history.get("val_loss"), Some(&values[..epochs]));
        }
    }
}

#[test]
fn the_best_network_is_restored_however_the_run_ends() {
    let ((networks, _), data) = (epochs(), Passing::NEW);
    let stopping = EarlyStopping::new().patience(100).restore_best();
    for (epochs, breaks_at, ended) in [(6, 0, Ended::Complete), (3, 0, Ended::Complete), (6, 5, Ended::Callback)] {
        let mut network = Passing::network();
        let fit = Fit::new(Sgd::new(0.1), Mse).epochs(epochs).validation(&data.validation()).early_stopping(stopping);
        let mut fit = fit.on_step(|run| {
            if run.step == breaks_at { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        });
        let report = fit.run(&mut network, &data.train()).expect("the data are right");
        assert_eq!((report.ended, report.best.map(|best| best.0)), (ended, Some(3)));
        assert_eq!(network, networks[2]);
    }
}

/// The best network is the one that was validated, whatever a callback then makes of it.
#[test]
fn what_a_callback_changes_after_the_best_epoch_is_not_restored() {
    let data = Passing::NEW;
    let (mut network, mut validated) = (Passing::network(), None);
    let fit = Fit::new(Sgd::new(0.1), Mse).epochs(1).early_stopping(EarlyStopping::new().restore_best());
    let mut fit = fit.on_epoch(|run: &mut AfterEpoch<Line, _>| {
        validated = Some(*run.network);
        run.network.fc.bias[0] = 100.0;
    });
    fit.run(&mut network, &data.train()).expect("the data are right");
    drop(fit);
    assert_eq!(Some(network), validated);
}

#[test]
fn a_run_without_a_complete_epoch_restores_nothing() {
    let (data, mut network) = (Passing::NEW, Passing::network());
    let fit = Fit::new(Sgd::new(0.1), Mse).early_stopping(EarlyStopping::new().restore_best());
    let report = fit.on_step(|_| std::ops::ControlFlow::Break(())).run(&mut network, &data.train()).expect("a step");
    assert_eq!((report.epochs, report.steps, report.best, report.is_best_restored), (0, 1, None, false));
    assert_ne!(network, Passing::network());
}

#[test]
fn what_is_monitored_has_a_name() {
    let data = Data::new(60);
    let run = |monitor: &str| {
        let mut network = Plain::new(&mut rng(1));
        let fit = Fit::new(Sgd::new(0.5), CrossEntropy).epochs(8).validation(&data.classes()).metrics(Accuracy);
        fit.monitor(monitor).run(&mut network, &data.classes())
    };
    let report = run("val_accuracy").expect("the data are right");
    let values = report.history.get("val_accuracy").expect("it is measured");
    let best = values.iter().fold(0.0_f64, |best, value| best.max(*value));
    let epoch = values.iter().position(|value| *value == best).expect("it is one of them") + 1;
    assert_eq!((report.monitor.as_str(), report.best), ("val_accuracy", Some((epoch, best))));
    assert_eq!(run("loss").expect("the data are right").best.map(|best| best.0), Some(8));

    for unknown in ["val_acc", "lr", ""] {
        let error = run(unknown).expect_err("there is no such column");
        let FitError::Monitor { name, columns } = &error else { panic!("{error}") };
        assert_eq!(
            (name.as_str(), columns.as_slice()),
            (unknown, ["loss", "val_loss", "val_accuracy"].map(String::from).as_slice())
        );
        let expected =
            format!("there is no `{unknown}` to be monitored; what is measured is `loss`, `val_loss`, `val_accuracy`");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn without_validation_the_loss_is_monitored_and_nothing_else_is_measured() {
    let (data, mut network) = (Data::new(60), Plain::new(&mut rng(1)));
    let fit = || Fit::new(Sgd::new(0.1), CrossEntropy).epochs(2);
    let report = fit().run(&mut network, &data.classes()).expect("the data are right");
    assert_eq!((report.monitor.as_str(), report.best.map(|best| best.0)), ("loss", Some(2)));
    let before = network;
    let error = fit().metrics(Accuracy).run(&mut network, &data.classes()).expect_err("metrics need validation data");
    assert!(matches!(error, FitError::NoValidation), "{error}");
    let error = fit().monitor("val_loss").run(&mut network, &data.classes()).expect_err("there is no validation");
    assert_eq!(error.to_string(), "there is no `val_loss` to be monitored; what is measured is `loss`");
    assert_eq!(network, before);
}

/// What is not finite before the first step need not be so after an epoch.
#[test]
fn a_network_may_overflow_on_the_validation_data_before_it_is_trained() {
    let far = [[1e30_f32]];
    let (data, validation) = (Passing::NEW, Dataset::new(&far, &[[0.0_f32]]).expect("one of both"));
    let run = |monitor: &str| {
        let mut network = Passing::network();
        network.fc.weight[0] = 1.0;
        let fit = Fit::new(Sgd::new(0.1), Mse).epochs(1).validation(&validation).monitor(monitor);
        fit.on_step(|run: &mut AfterStep<Line, _>| *run.network = Line::ZERO).run(&mut network, &data.train())
    };
    assert_eq!(run("val_loss").expect("the network is finite after the epoch").best, Some((1, 0.0)));
    // what a tile of the validation data would show is not known
    let error = run("val_error").expect_err("there is no such column").to_string();
    assert!(error.starts_with("validation, sample 0: the loss is inf"), "{error}");
}
