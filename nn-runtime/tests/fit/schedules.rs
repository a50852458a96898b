//! Learning rates that change by a rule.

use nn_runtime::prelude::*;
use nn_runtime::schedule::{Exponential, Linear, Step};
use nn_runtime::train::shuffled;

use super::{Data, Passing, Plain};

/// The learning rates of a run of 3 epochs.
fn rates(schedule: impl Schedule, set: impl Fn(Run) -> Run) -> Vec<f64> {
    let (data, mut network, mut rates) = (Data::new(90), Plain::new(&mut rng(1)), Vec::new());
    let fit = set(Fit::new(Sgd::new(0.1), Mse).epochs(3).batch_size(20)).schedule(schedule);
    fit.on_step(|run| rates.push(run.lr)).run(&mut network, &data.values()).expect("the data are right");
    rates
}

type Run = Fit<'static, Plain, Sgd, Mse, [f32; 4]>;

#[test]
fn the_rates_are_those_of_the_schedule() {
    fn check(schedule: impl Schedule + Copy) {
        let check = |set: &dyn Fn(Run) -> Run, steps_per_epoch: u64| {
            let moments = (0..3 * steps_per_epoch).map(|step| Moment::at(step, steps_per_epoch, 3));
            let expected: Vec<_> = moments.map(|now| schedule.lr(0.1, now)).collect();
            assert!(expected.iter().any(|lr| *lr != expected[0]));
            assert_eq!(rates(schedule, set), expected);
        };
        check(&|fit| fit, 5);
        check(&Fit::drop_last, 4);
        check(&|fit| fit.gradient_accumulation_steps(3), 2);
        check(&|fit| fit.drop_last().gradient_accumulation_steps(2), 2);
    }
    check(OneCycle::new(0.3));
    check(CosineAnnealing::new());
    check(Exponential::new(0.5));
    check(Step::new(1));
    check(Linear::new().per_step().then(2, CosineAnnealing::new()));
}

#[test]
fn every_update_is_made_with_its_rate() {
    let (data, optimizer) = (Data::new(90), Adam::new(0.02));
    let mut network = Plain::new(&mut rng(1));
    let mut fit = Fit::new(optimizer, Mse).epochs(3).seed(2).schedule(OneCycle::new(0.05));
    let report = fit.run(&mut network, &data.values()).expect("the data are right");

    let (mut expected, mut training) = (Plain::new(&mut rng(1)), Training::<Plain, Adam, 32>::boxed());
    let mut last = Vec::new();
    for epoch in 0..3 {
        for rows in shuffled(90, 2, epoch).chunks(32) {
            let now = Moment::at(training.steps, 3, 3);
            let optimizer = Adam::new(OneCycle::new(0.05).lr(0.02, now));
            training.step_rows(&mut expected, &optimizer, &Mse, &data.values(), rows).expect("the data are right");
            last.resize(epoch as usize + 1, 0.0);
            last[epoch as usize] = optimizer.lr;
        }
    }
    assert_eq!(network, expected);
    assert_eq!(report.history.get("lr"), Some(&*last));
}

#[test]
fn every_group_has_its_rate() {
    network! { struct Two: [3] -> [4] { first: linear(8), tanh, second: linear(4) } }

    let (data, schedule) = (Data::new(90), Exponential::new(0.5));
    let groups =
        |base, second| Groups::new(&Two::ZERO, Sgd::new(base), [("second", Sgd::new(second))]).expect("a name");
    let (mut network, mut expected) = (Two::new(&mut rng(1)), Two::new(&mut rng(1)));
    let mut training = Training::<Two, Groups<Sgd, 1>, 32>::boxed();
    Fit::new(groups(0.1, 0.01), Mse)
        .epochs(3)
        .schedule(schedule)
        .run(&mut network, &data.values())
        .expect("right data");
    for epoch in 0..3 {
        for rows in shuffled(90, 0, epoch).chunks(32) {
            let now = Moment::at(training.steps, 3, 3);
            let groups = groups(schedule.lr(0.1, now), schedule.lr(0.01, now));
            training.step_rows(&mut expected, &groups, &Mse, &data.values(), rows).expect("the data are right");
        }
    }
    assert_eq!(network, expected);
}

#[test]
fn a_callback_changes_the_rate_that_the_schedule_begins_with() {
    let (data, mut network, mut rates) = (Data::new(40), Plain::new(&mut rng(1)), Vec::new());
    let fit = Fit::new(Sgd::new(0.1), Mse).epochs(4).schedule(Exponential::new(0.5)).batch_size(40);
    let fit = fit.on_step(|run| rates.push(run.lr));
    let mut fit = fit.on_epoch(|run: &mut AfterEpoch<_, Sgd>| {
        if run.epoch == 2 {
            run.optimizer.lr = 0.8;
        }
    });
    fit.run(&mut network, &data.values()).expect("the data are right");
    drop(fit);
    assert_eq!(rates, [0.1, 0.05, 0.2, 0.1]);
}

#[test]
fn reductions_on_a_plateau_begin_anew_with_each_run() {
    let data = Passing::NEW;
    let schedule = ReduceOnPlateau::new().factor(0.5).patience(0);
    let validation = data.validation();
    let mut fit = Fit::new(Sgd::new(0.1), Mse).epochs(7).validation(&validation).schedule(schedule);
    let mut run = || fit.run(&mut Passing::network(), &data.train()).expect("the data are right").history;
    let first = run();
    // the validation gets worse from the fourth epoch on
    assert_eq!(first.get("lr"), Some(&[0.1, 0.1, 0.1, 0.1, 0.05, 0.025, 0.0125][..]));
    assert_eq!(run(), first);
}

#[test]
fn a_plateau_is_one_of_what_is_monitored() {
    let data = Passing::NEW;
    let schedule = ReduceOnPlateau::new().factor(0.5).patience(0);
    let fit = Fit::new(Sgd::new(0.1), Mse).epochs(7).schedule(schedule).monitor("loss");
    let report = fit.validation(&data.validation()).run(&mut Passing::network(), &data.train());
    let history = report.expect("the data are right").history;
    assert_eq!(history.get("lr"), Some(&[0.1; 7][..]));
}
