//! Averages of the parameters over a run. `tests/tests/golden_averages.rs` compares them with PyTorch's.

use nn_runtime::prelude::*;
use nn_runtime::train::Ended;

use super::{Data, Line, Passing, Plain};

#[test]
fn the_average_is_validated_and_is_the_network_at_the_end() {
    let data = Data::new(60);
    for average in [Average::ema(0.9), Average::swa(2)] {
        let (mut averaged, mut count, mut networks) = (Plain::ZERO, 0, Vec::new());
        let mut network = Plain::new(&mut rng(1));
        let fit = Fit::new(Adam::new(0.01), Mse).epochs(4).batch_size(25).validation(&data.values()).average(average);
        let mut fit = fit.on_step(|run: &mut AfterStep<Plain, _>| {
            let is_last = run.step % 3 == 0;
            if average == Average::ema(0.9) || (is_last && run.epoch >= 2) {
                average.update(&mut averaged, run.network, count);
                count += 1;
            }
            if is_last {
                networks.push(if count == 0 { *run.network } else { averaged });
            }
        });
        let report = fit.run(&mut network, &data.values()).expect("the data are right");
        drop(fit);
        assert_eq!(count, if average == Average::swa(2) { 3 } else { 12 });
        assert_eq!(network, networks[3]);
        let loss = |network| evaluate(network, &Mse, &data.values()).expect("the data are right").loss;
        let losses: Vec<_> = networks.iter().map(loss).collect();
        assert_eq!(report.history.get("val_loss"), Some(&*losses));
    }
}

#[test]
fn training_goes_on_with_the_parameters_themselves() {
    let data = Data::new(60);
    let run = |average: Option<Average>| {
        let (mut network, mut seen) = (Plain::new(&mut rng(1)), Vec::new());
        let mut fit = Fit::new(Adam::new(0.01), Mse).epochs(4).validation(&data.values());
        if let Some(average) = average {
            fit = fit.average(average);
        }
        fit.on_epoch(|run: &mut AfterEpoch<Plain, _>| seen.push(*run.network))
            .run(&mut network, &data.values())
            .expect("the data are right");
        seen
    };
    let expected = run(None);
    assert_eq!(run(Some(Average::ema(0.9))), expected);
    assert_eq!(run(Some(Average::swa(1))), expected);
}

#[test]
fn the_best_average_is_restored() {
    let (data, mut averaged, mut networks) = (Passing::NEW, Line::ZERO, Vec::new());
    let mut network = Passing::network();
    let fit = Fit::new(Sgd::new(0.1), Mse).epochs(20).validation(&data.validation()).average(Average::ema(0.5));
    let fit = fit.early_stopping(EarlyStopping::new().patience(2).restore_best());
    let mut fit = fit.on_step(|run: &mut AfterStep<Line, _>| {
        Average::ema(0.5).update(&mut averaged, run.network, run.step - 1);
        networks.push(averaged);
    });
    let report = fit.run(&mut network, &data.train()).expect("the data are right");
    drop(fit);
    let (best, value) = report.best.expect("there are epochs");
    assert_eq!((report.ended, report.epochs), (Ended::EarlyStopping, best + 2));
    assert_eq!(network, networks[best - 1]);
    assert_eq!(value, evaluate(&network, &Mse, &data.validation()).expect("the data are right").loss);
}
