//! Functions that are called while a network is trained.

use std::ops::ControlFlow;

use nn_runtime::prelude::*;
use nn_runtime::train::{Ended, shuffled};

use super::{Data, Plain};

#[test]
fn after_every_step_and_every_epoch() {
    let (data, mut network) = (Data::new(50), Plain::new(&mut rng(1)));
    let (mut steps, mut epochs) = (Vec::new(), Vec::new());
    let fit = Fit::new(Adam::new(0.01), Mse).epochs(3).batch_size(20).seed(4);
    let fit = fit.on_step(|run| steps.push((run.epoch, run.step, run.loss, run.lr)));
    let mut fit = fit.on_epoch(|run| epochs.push((run.epoch, run.step, run.results.loss, run.is_best)));
    fit.run(&mut network, &data.values()).expect("the data are right");
    drop(fit);

    let mut expected = (Plain::new(&mut rng(1)), Training::<Plain, Adam, 32>::boxed());
    let mut losses = Vec::new();
    for epoch in 0..3 {
        for rows in shuffled(50, 4, epoch).chunks(20) {
            let step = expected.1.step_rows(&mut expected.0, &Adam::new(0.01), &Mse, &data.values(), rows);
            losses.push(step.expect("the data are right"));
        }
    }
    assert_eq!(steps.len(), 9);
    for (number, (&(epoch, step, loss, lr), expected)) in steps.iter().zip(losses).enumerate() {
        assert_eq!((epoch, step, loss as f32, lr), (number / 3 + 1, number as u64 + 1, expected, 0.01));
    }
    for (number, (&(epoch, step, loss, is_best), steps)) in epochs.iter().zip(steps.chunks(3)).enumerate() {
        assert_eq!((epoch, step), (number + 1, 3 * (number as u64 + 1)));
        // the mini-batches have 20, 20 and 10 samples
        let mean = (2.0 * steps[0].2 + 2.0 * steps[1].2 + steps[2].2) / 5.0;
        assert!((loss / mean - 1.0).abs() < 1e-12, "{loss}, expected {mean}");
        assert_eq!(is_best, epochs[..number].iter().all(|(.., earlier, _)| loss < *earlier));
    }
}

#[test]
fn may_change_the_learning_rate() {
    let (data, mut network, mut rates) = (Data::new(40), Plain::new(&mut rng(1)), Vec::new());
    let fit = Fit::new(Sgd::new(0.125), Mse).epochs(3).batch_size(20).seed(4);
    let fit = fit.on_step(|run: &mut AfterStep<_, Sgd>| {
        rates.push(run.lr);
        run.optimizer.lr *= 0.5;
    });
    let mut fit = fit.on_epoch(|run: &mut AfterEpoch<_, Sgd>| run.optimizer.lr *= 2.0);
    let report = fit.run(&mut network, &data.values()).expect("the data are right");
    drop(fit);
    assert_eq!(rates, [0.125, 0.0625, 0.0625, 0.03125, 0.03125, 0.015_625]);
    assert_eq!(report.history.get("lr"), Some(&[0.0625, 0.03125, 0.015_625][..]));

    let (mut expected, mut training) = (Plain::new(&mut rng(1)), Training::<Plain, Sgd, 32>::boxed());
    let mut rates = rates.iter();
    for epoch in 0..3 {
        for (rows, &lr) in shuffled(40, 4, epoch).chunks(20).zip(&mut rates) {
            training.step_rows(&mut expected, &Sgd::new(lr), &Mse, &data.values(), rows).expect("the data are right");
        }
    }
    assert_eq!(network, expected);
}

#[test]
fn may_change_the_network() {
    let (data, mut network) = (Data::new(40), Plain::ZERO);
    let fit = Fit::new(Sgd::new(0.1), Mse).epochs(2);
    fit.on_step(|run: &mut AfterStep<Plain, _>| run.network.as_mut_slice().fill(0.25))
        .run(&mut network, &data.values())
        .expect("the data are right");
    assert!(network.as_slice().iter().all(|value| *value == 0.25));
}

#[test]
fn may_end_the_run() {
    let data = Data::new(50);
    let run = |step: u64, epoch: usize| {
        let (mut network, mut others) = (Plain::new(&mut rng(1)), (0, 0));
        let flow = |ends: bool| if ends { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let fit = Fit::new(Sgd::new(0.1), Mse).epochs(3).batch_size(20);
        let fit = fit.on_step(|run| flow(run.step == step)).on_epoch(|run| flow(run.epoch == epoch));
        // the others are called all the same
        let mut fit = fit.on_step(|_| others.0 += 1).on_epoch(|_| others.1 += 1);
        let report = fit.run(&mut network, &data.values()).expect("the data are right");
        drop(fit);
        assert_eq!(others, (report.steps, report.epochs));
        assert_eq!(report.history.epochs(), report.epochs);
        (report.epochs, report.steps, report.ended)
    };
    assert_eq!(run(0, 0), (3, 9, Ended::Complete));
    assert_eq!(run(2, 0), (0, 2, Ended::Callback));
    assert_eq!(run(5, 0), (1, 5, Ended::Callback));
    assert_eq!(run(0, 1), (1, 3, Ended::Callback));
    assert_eq!(run(0, 3), (3, 9, Ended::Callback));
}
