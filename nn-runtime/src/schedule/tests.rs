use std::boxed::Box;
use std::string::ToString;
use std::vec::Vec;

use super::*;

/// Values at the edges of what an option may be.
const NUMBERS: [f64; 12] = [0.0, 1e-320, 1e-300, 1e-4, 0.3, 0.5, 0.999, 1.0, 1.5, 1e9, 1e300, f64::MAX];
const COUNTS: [u64; 6] = [1, 2, 3, 1000, 1 << 53, u64::MAX];

/// Every schedule with some of the options, accepted or not.
fn schedules(numbers: [f64; 3], counts: [u64; 2]) -> Vec<Box<dyn Schedule>> {
    let ([x, y, z], [n, m]) = (numbers, counts);
    let one_cycle = |curve| OneCycle::new(x).pct_start(y).div_factor(z).final_div_factor(y).anneal_strategy(curve);
    std::vec![
        Box::new(Constant::new().factor(x).total_iters(n)),
        Box::new(Linear::new().start_factor(x).end_factor(y).total_iters(n)),
        Box::new(Step::new(n).gamma(x)),
        Box::new(MultiStep::new([n, m, m]).gamma(x)),
        Box::new(Exponential::new(x)),
        Box::new(Polynomial::new().total_iters(n).power(x)),
        Box::new(CosineAnnealing::new().eta_min(x)),
        Box::new(CosineAnnealing::new().eta_min(x).t_max(n)),
        Box::new(CosineAnnealingWarmRestarts::new(n).t_mult(m).eta_min(x)),
        Box::new(one_cycle(Anneal::Cos)),
        Box::new(one_cycle(Anneal::Linear).three_phase(true)),
        Box::new(one_cycle(Anneal::Cos).three_phase(true).total_steps(n)),
        Box::new(ReduceOnPlateau::new().factor(x).patience(0).min_lr(y).eps(z)),
        Box::new(Exponential::new(x).chain(Exponential::new(y)).chain(Step::new(n).gamma(z)).per_step()),
        Box::new(Exponential::new(x).then(m, CosineAnnealing::new()).then(n, OneCycle::new(y))),
    ]
}

#[test]
fn accepted_options_give_finite_rates() {
    let mut accepted = 0;
    for (at, &x) in NUMBERS.iter().enumerate() {
        for (&y, &n) in NUMBERS.iter().flat_map(|y| COUNTS.iter().map(move |n| (y, n))) {
            let numbers = [x, y, NUMBERS[(at * 5 + 3) % NUMBERS.len()]];
            for mut schedule in schedules(numbers, [n, COUNTS[at % COUNTS.len()]]) {
                if schedule.check_options().is_err() {
                    continue;
                }
                accepted += 1;
                for value in [1.0, f64::NAN, f64::INFINITY, f64::MAX] {
                    schedule.observe(value, Mode::Min);
                }
                for step in [0, 1, 2, 1000, 1 << 53, u64::MAX] {
                    for now in [Moment::at(step, 1, 1000), Moment::at(step, u64::MAX, 3), Moment::at(step, 0, 0)] {
                        for initial in [0.0, 1e-3, f64::MAX] {
                            let lr = schedule.lr(initial, now);
                            assert!((0.0..=f64::MAX).contains(&lr), "{lr} of {initial} at {now:?}; {numbers:?}, {n}");
                        }
                    }
                }
            }
        }
    }
    assert!(accepted > 5000, "{accepted}");
}

#[test]
fn no_option_makes_a_schedule_panic() {
    let numbers = [f64::NAN, f64::NEG_INFINITY, -1.0, f64::INFINITY];
    for (&x, n) in numbers.iter().flat_map(|x| [0, u64::MAX].map(|n| (x, n))) {
        for mut schedule in schedules([x, x, x], [n, n]) {
            schedule.observe(x, Mode::Max);
            let _ = schedule.lr(x, Moment::at(7, n, n));
        }
    }
}

#[test]
fn options_out_of_range_are_refused() {
    fn check(schedule: &dyn Schedule, message: &str) {
        assert_eq!(schedule.check_options().unwrap_err().to_string(), message);
    }
    let not_negative = "but must be finite and at least 0";
    check(&Constant::new().factor(1.5), "`factor` of `schedule::Constant` is 1.5, but must be between 0 and 1");
    check(&Constant::new().total_iters(0), "`total_iters` of `schedule::Constant` is 0, but must be at least 1");
    check(
        &Linear::new().start_factor(0.0),
        "`start_factor` of `schedule::Linear` is 0, but must be more than 0 and at most 1",
    );
    check(
        &Linear::new().end_factor(f64::NAN),
        "`end_factor` of `schedule::Linear` is NaN, but must be between 0 and 1",
    );
    check(&Linear::new().total_iters(0), "`total_iters` of `schedule::Linear` is 0, but must be at least 1");
    check(&Step::new(0), "`step_size` of `schedule::Step` is 0, but must be at least 1");
    check(&Step::new(1).gamma(-0.5), &std::format!("`gamma` of `schedule::Step` is -0.5, {not_negative}"));
    check(
        &MultiStep::new([1]).gamma(f64::INFINITY),
        &std::format!("`gamma` of `schedule::MultiStep` is inf, {not_negative}"),
    );
    check(&Exponential::new(f64::NAN), &std::format!("`gamma` of `schedule::Exponential` is NaN, {not_negative}"));
    check(&Polynomial::new().total_iters(0), "`total_iters` of `schedule::Polynomial` is 0, but must be at least 1");
    check(&Polynomial::new().power(-1.0), &std::format!("`power` of `schedule::Polynomial` is -1, {not_negative}"));
    check(&CosineAnnealing::new().t_max(0), "`t_max` of `schedule::CosineAnnealing` is 0, but must be at least 1");
    check(
        &CosineAnnealing::new().eta_min(-1.0),
        &std::format!("`eta_min` of `schedule::CosineAnnealing` is -1, {not_negative}"),
    );
    let restarts = "of `schedule::CosineAnnealingWarmRestarts` is 0, but must be at least 1";
    check(&CosineAnnealingWarmRestarts::new(0), &std::format!("`t_0` {restarts}"));
    check(&CosineAnnealingWarmRestarts::new(1).t_mult(0), &std::format!("`t_mult` {restarts}"));
    check(&OneCycle::new(-1.0), &std::format!("`max_lr` of `schedule::OneCycle` is -1, {not_negative}"));
    check(&OneCycle::new(0.1).total_steps(0), "`total_steps` of `schedule::OneCycle` is 0, but must be at least 1");
    check(
        &OneCycle::new(0.1).pct_start(30.0),
        "`pct_start` of `schedule::OneCycle` is 30, but must be between 0 and 1",
    );
    check(
        &OneCycle::new(0.1).div_factor(0.0),
        "`div_factor` of `schedule::OneCycle` is 0, but must be finite and more than 0",
    );
    check(
        &OneCycle::new(1e308).div_factor(0.01),
        "`div_factor` of `schedule::OneCycle` is 0.01, but must be so large that the first learning rate is finite",
    );
    check(
        &OneCycle::new(1e308).div_factor(1.0).final_div_factor(0.01),
        "`final_div_factor` of `schedule::OneCycle` is 0.01, but must be so large that the last learning rate is finite",
    );
    check(
        &ReduceOnPlateau::new().factor(1.0),
        "`factor` of `schedule::ReduceOnPlateau` is 1, but must be at least 0 and less than 1",
    );
    check(
        &ReduceOnPlateau::new().threshold(Threshold::Rel(1.0)),
        "`threshold` of `schedule::ReduceOnPlateau` is 1, but must be at least 0 and less than 1",
    );
    let plateau = |option: &str| std::format!("`{option}` of `schedule::ReduceOnPlateau` is -1, {not_negative}");
    check(&ReduceOnPlateau::new().threshold(Threshold::Abs(-1.0)), &plateau("threshold"));
    check(&ReduceOnPlateau::new().min_lr(-1.0), &plateau("min_lr"));
    check(&ReduceOnPlateau::new().eps(-1.0), &plateau("eps"));
    // in whatever they are wrapped
    let wrapped = Constant::new().chain(Constant::new().then(3, Exponential::new(-1.0))).per_step();
    let boxed: Box<dyn Schedule> = Box::new(wrapped);
    check(&boxed, &std::format!("`gamma` of `schedule::Exponential` is -1, {not_negative}"));
}

#[test]
fn observed_values_are_forgotten_by_a_reset_and_can_be_told_again() {
    let values = [1.0, 0.5, 0.6, f64::NAN, 0.7, 0.4, 0.4];
    let plateau = ReduceOnPlateau::new().patience(0).cooldown(1);
    let mut schedule = Constant::new().then(3, plateau).chain(plateau).per_step();
    let mut observed = schedule;
    for value in values {
        observed.observe(value, Mode::Min);
    }
    let now = Moment::at(9, 1, 9);
    assert!(observed.lr(0.1, now) < 0.01 && observed != schedule);
    let after = observed;
    observed.reset();
    assert_eq!(observed, schedule);
    let pointer: &mut dyn Schedule = &mut schedule;
    for value in values {
        pointer.observe(value, Mode::Min);
    }
    assert_eq!(schedule, after);
}

#[test]
fn each_part_of_a_sequence_takes_its_part_for_the_whole_run() {
    let schedule = CosineAnnealing::new().then(4, CosineAnnealing::new());
    let rate = |step| schedule.lr(1.0, Moment::at(step, 10, 12));
    let alone = |step, epochs| CosineAnnealing::new().lr(1.0, Moment::at(step, 10, epochs));
    for step in 0..40 {
        assert_eq!(rate(step), alone(step, 4), "{step}");
    }
    for step in 40..120 {
        assert_eq!(rate(step), alone(step - 40, 8), "{step}");
    }
}

#[test]
fn epochs_and_updates_mix() {
    // a warm-up of 15 updates within a run in epochs of 10
    let schedule = Linear::new().start_factor(0.5).total_iters(15).then(15, Exponential::new(0.5)).per_step();
    let by_epoch = Linear::new().start_factor(0.5).total_iters(15).per_step().then(2, Step::new(1).gamma(0.5));
    let at = |schedule: &dyn Schedule, step| schedule.lr(1.0, Moment::at(step, 10, 4));
    assert_eq!([0, 15, 16, 18].map(|step| at(&schedule, step)), [0.5, 1.0, 0.5, 0.125]);
    assert_eq!([0, 15, 19, 20, 29, 30].map(|step| at(&by_epoch, step)), [0.5, 1.0, 1.0, 1.0, 1.0, 0.5]);
}

#[test]
fn the_last_rate_of_one_cycle_stays() {
    let schedule = OneCycle::new(0.1).total_steps(20);
    let last = schedule.lr(1.0, Moment::at(19, 10, 10));
    assert_eq!(last, 0.1 / 25.0 / 1e4);
    assert_eq!([20, 21, 99].map(|step| schedule.lr(1.0, Moment::at(step, 10, 10))), [last; 3]);
}
